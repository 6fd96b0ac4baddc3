// packets → pages of Ogg that hold them, for a decoder that takes nothing else

/** Pieces that a page has at most, of 255 bytes each. */
const MOST_PIECES = 255;

/**
 * A page or more for each packet, without checksums or counts of samples, which that decoder does not look at. (RFC 3533)
 *
 * @param pages how many pages of the stream there are before
 */
export function* intoOgg(packets: Iterable<Uint8Array>, pages: number): Generator<Uint8Array, void, undefined> {
  let sequence = pages;
  for (const packet of packets) {
    const lacing = new Uint8Array(Math.floor(packet.length / 255) + 1).fill(255);
    lacing[lacing.length - 1] = packet.length % 255;
    for (let from = 0; from < lacing.length; from += MOST_PIECES) {
      const pieces = lacing.subarray(from, from + MOST_PIECES);
      const body = packet.subarray(255 * from, 255 * (from + MOST_PIECES));
      const page = new Uint8Array(27 + pieces.length + body.length);
      page.set([0x4f, 0x67, 0x67, 0x53, 0, (sequence === 0 ? 2 : 0) | (from > 0 ? 1 : 0)]);
      const view = new DataView(page.buffer);
      view.setUint32(14, 1, true); // the stream's number
      view.setUint32(18, sequence++, true);
      page[26] = pieces.length;
      page.set(pieces, 27);
      page.set(body, 27 + pieces.length);
      yield page;
    }
  }
}
