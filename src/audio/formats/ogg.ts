// bytes of an Ogg file → pieces of it, none of which unpacks to much at once
//
// A decoder gives all samples of what it is given: of 1 kB of FLAC in Ogg that can be 80 MB. So a file is cut by what its pages
// claim to hold, before they are decoded. How it is cut makes no difference to the samples.

import { AudioFormatError } from '../../core/errors.ts';
import { slices } from './slices.ts';

/** Samples, of all channels together, that a piece unpacks to where it can be cut so: some 20 ms of work. */
const MOST_SAMPLES = 2 ** 18;
/** Samples that no page holds, which is decoded in one go: 128 MiB, minutes of sound. */
const MOST_IN_A_PAGE = 2 ** 25;

/** A page, which a decoder waits for and decodes as a whole. (RFC 3533, section 6) */
export interface OggPage {
  /** Where it begins. */
  readonly at: number;
  /** What it holds. */
  readonly body: Uint8Array;
  /** How many packets at most, one that began before among them. */
  readonly packets: number;
}

/**
 * Pieces of a file, in order and without a gap.
 *
 * @param samplesIn how many samples a page holds at most, of all channels together
 * @throws {AudioFormatError} at a page that holds more than sound would
 */
export function* oggPieces(
  bytes: Uint8Array,
  samplesIn: (page: OggPage) => number,
): Generator<Uint8Array, void, undefined> {
  let start = 0;
  let samples = 0;
  for (const page of pages(bytes)) {
    const more = samplesIn(page);
    if (more > MOST_IN_A_PAGE) {
      throw new AudioFormatError(`Cannot decode audio: found an Ogg page that claims ${more} samples`);
    }
    if (samples + more > MOST_SAMPLES) {
      yield* slices(bytes.subarray(start, page.at));
      start = page.at;
      samples = 0;
    }
    samples += more;
  }
  yield* slices(bytes.subarray(start));
}

function* pages(bytes: Uint8Array): Generator<OggPage, void, undefined> {
  for (let at = 0; at + 27 < bytes.length; at++) {
    if (!isOggPage(bytes, at)) continue;
    const sizes = bytes.subarray(at + 27, at + 27 + bytes[at + 26]!);
    const start = at + 27 + sizes.length;
    const end = sizes.reduce((sum, size) => sum + size, start);
    const packets = sizes.reduce((count, size) => count + (size < 255 ? 1 : 0), 1);
    yield { at, body: bytes.subarray(start, end), packets };
  }
}

/** Whether a page begins here. */
export function isOggPage(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x4f && bytes[at + 1] === 0x67 && bytes[at + 2] === 0x67 && bytes[at + 3] === 0x53;
}

/** Where a file's first packet begins, which names its codec; the end of the bytes where they are no Ogg. */
export function firstPacket(bytes: Uint8Array): number {
  return isOggPage(bytes, 0) ? 27 + (bytes[26] ?? 0) : bytes.length;
}
