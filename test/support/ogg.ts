// pages and packets ↔ bytes of Ogg, the plain way: an oracle for what reads it (RFC 3533)

/** A page, as a test wants it. */
export interface MadePage {
  readonly serial?: number;
  readonly sequence: number;
  /** 1: continues a packet, 2: first, 4: last. */
  readonly flags?: number;
  readonly granule?: number;
  readonly packets: readonly Uint8Array[];
}

/** Remainder of a polynomial division, bit by bit, as the RFC says. */
function crc(bytes: Uint8Array): number {
  let register = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const out = (register >>> 31) ^ ((byte >> bit) & 1);
      register = out ? (register << 1) ^ 0x04c11db7 : register << 1;
    }
  }
  return register >>> 0;
}

/** Puts the right checksum into a page. */
export function sealed(page: Uint8Array): Uint8Array {
  const copy = page.slice();
  const view = new DataView(copy.buffer);
  view.setUint32(22, 0, true);
  view.setUint32(22, crc(copy), true);
  return copy;
}

/** A page of whole packets, at most 255 pieces of them. */
export function oggPage({ serial = 1, sequence, flags = 0, granule = 0, packets }: MadePage): Uint8Array {
  const lacing = packets.flatMap(({ length }) => [...Array(Math.floor(length / 255)).fill(255), length % 255]);
  const page = new Uint8Array(27 + lacing.length + packets.reduce((sum, { length }) => sum + length, 0));
  page.set([0x4f, 0x67, 0x67, 0x53, 0, flags]);
  const view = new DataView(page.buffer);
  view.setBigInt64(6, BigInt(granule), true);
  view.setUint32(14, serial, true);
  view.setUint32(18, sequence, true);
  page.set([lacing.length, ...lacing], 26);
  page.set(
    packets.flatMap((packet) => [...packet]),
    27 + lacing.length,
  );
  return sealed(page);
}

/** The pages of a file that is in order. */
export function oggPagesOf(bytes: Uint8Array): Uint8Array[] {
  const pages: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const count = bytes[at + 26]!;
    const length = 27 + count + bytes.subarray(at + 27, at + 27 + count).reduce((sum, size) => sum + size, 0);
    pages.push(bytes.slice(at, at + length));
    at += length;
  }
  return pages;
}

/** The packets of pages that hold whole ones. */
export function oggPackets(pages: readonly Uint8Array[]): Uint8Array[] {
  return pages.flatMap((page) => {
    const packets: Uint8Array[] = [];
    let [start, end] = [27 + page[26]!, 27 + page[26]!];
    for (const size of page.subarray(27, start)) {
      end += size;
      if (size === 255) continue;
      packets.push(page.slice(start, end));
      start = end;
    }
    return packets;
  });
}
