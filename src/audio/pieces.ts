// bytes of an MP3 or Ogg file → pieces of it, none of which unpacks to much at once
//
// A decoder gives all samples of what it is given: of 1 kB of FLAC in Ogg that can be 80 MB. So a file is cut by what its pages
// say that they hold, before they are decoded. How it is cut makes no difference to the samples.

import { AudioFormatError } from '../core/errors.ts';
import type { CompressedFormat } from './decoders.ts';
import { samplesInFrame } from './flacFrames.ts';

/** Samples, of all channels together, that a piece unpacks to where it can be cut so: some 20 ms of work. */
const MOST_SAMPLES = 2 ** 18;
/** Bytes that a piece has at most: of MP3, which unpacks to 100 samples a byte at most, as long to decode. */
const MOST_BYTES = 2 ** 15;
/** Samples that no page of an Ogg file holds, which is decoded in one go: 128 MiB, minutes of sound. */
const MOST_IN_A_PAGE = 2 ** 25;

/** A place where a file can be cut, and how many samples there are at most from it to the next, of all channels together. */
interface Part {
  readonly at: number;
  readonly samples: number;
}

/**
 * Pieces of a file, in order and without a gap.
 *
 * @throws {AudioFormatError} at a page that holds more than sound would
 */
export function* pieces(format: CompressedFormat, bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  let start = 0;
  let samples = 0;
  for (const part of parts(format, bytes)) {
    if (samples + part.samples > MOST_SAMPLES) {
      yield* cut(bytes.subarray(start, part.at));
      start = part.at;
      samples = 0;
    }
    samples += part.samples;
  }
  yield* cut(bytes.subarray(start));
}

function* cut(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += MOST_BYTES) yield bytes.subarray(at, at + MOST_BYTES);
}

function parts(format: CompressedFormat, bytes: Uint8Array): Iterable<Part> {
  if (format === 'mp3') return [];
  return oggPages(format, bytes);
}

/** Pages of an Ogg file, each of which a decoder waits for and decodes as a whole. (RFC 3533, section 6) */
function* oggPages(format: CompressedFormat, bytes: Uint8Array): Generator<Part, void, undefined> {
  let channels = 1;
  for (let at = 0; at + 27 < bytes.length; at++) {
    if (!isOggPage(bytes, at)) continue;
    const sizes = bytes.subarray(at + 27, at + 27 + bytes[at + 26]!);
    const start = at + 27 + sizes.length;
    const body = bytes.subarray(
      start,
      sizes.reduce((end, size) => end + size, start),
    );
    let samples = 0;
    if (format === 'flac') samples = samplesOfFlac(body);
    else {
      if (isVorbisHead(body)) channels = Math.max(channels, body[11]!);
      const packets = sizes.reduce((count, size) => count + (size < 255 ? 1 : 0), 1); // and one that began before
      samples = packets * 4096 * channels;
    }
    if (samples > MOST_IN_A_PAGE) {
      throw new AudioFormatError(`Cannot decode audio: found an Ogg page that claims ${samples} samples`);
    }
    yield { at, samples };
  }
}

/** Samples in whatever looks like the beginning of a FLAC frame. */
function samplesOfFlac(page: Uint8Array): number {
  let samples = 0;
  for (let at = 0; at + 3 < page.length; at++) {
    if (page[at] === 0xff && (page[at + 1]! & 0xfe) === 0xf8) samples += samplesInFrame(page, at);
  }
  return samples;
}

/** Whether a page of Ogg begins here. */
export function isOggPage(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x4f && bytes[at + 1] === 0x67 && bytes[at + 2] === 0x67 && bytes[at + 3] === 0x53;
}

/** Whether a page begins with Vorbis' identification header, '\x01vorbis', which holds the number of channels. */
function isVorbisHead(page: Uint8Array): boolean {
  return page.length > 11 && page[0] === 1 && page[1] === 0x76 && page[6] === 0x73;
}
