// bytes of plain samples, how they are written → pieces of sound

import { AudioFormatError } from '../../core/errors.ts';
import type { AudioPiece } from '../audioDecoder.ts';
import type { SampleBytes } from './sampleBytes.ts';
import { type SampleEncoding, type SampleReader, sampleReader } from './sampleReader.ts';

/** How the samples of a file are written, the channels of each moment one after the other. */
export interface PcmLayout {
  readonly encoding: SampleEncoding;
  /** Of a sample of one channel; it takes whole bytes. A-law and µ-law have 8, whatever a header says. */
  readonly bits: number;
  /** Whether the lowest byte comes first. */
  readonly little: boolean;
  readonly channels: number;
  /** In Hz. */
  readonly sampleRate: number;
}

/** Seconds of a piece, which a live stream takes to bring it, and samples of it, of all channels together: some 10 ms of work. */
const LONGEST = 1;
const MOST_SAMPLES = 2 ** 20;
/** What no sound exceeds, full scale being 1: 18 dB above it. */
const FAR_BEYOND = 8;
/** Bytes that are read on to find out how far beyond. */
const MOST_BEYOND = 2 ** 20;

const SUPPORTED = '8, 16, 24 and 32 bit integers, 32 and 64 bit floats, A-law and µ-law are supported';

/**
 * The pieces of samples, an incomplete last moment left out.
 *
 * @param format that they are part of, for messages
 * @throws {AudioFormatError} when nothing is written so, or floats are far beyond full scale
 */
export async function* pcmPieces(
  format: string,
  bytes: SampleBytes,
  layout: PcmLayout,
): AsyncGenerator<AudioPiece, void> {
  const { encoding, little, channels, sampleRate } = layout;
  const bits = encoding.endsWith('-law') ? 8 : layout.bits;
  const width = Math.ceil(bits / 8);
  const read = sampleReader(encoding, width, little);
  if (!read) {
    throw new AudioFormatError(`Cannot decode ${format}: found ${encoding} samples of ${bits} bits; ${SUPPORTED}`);
  }
  if (channels === 0) throw new AudioFormatError(`Cannot decode ${format}: found 0 channels`);
  const frame = channels * width;
  const most = frame * Math.max(1, Math.floor(Math.min(LONGEST * sampleRate, MOST_SAMPLES / channels)));
  const totalSamples = bytes.size === undefined ? undefined : Math.floor(bytes.size / frame);
  // Whole numbers of 32 bits and doubles lose something in a Float32Array, which is lost once: when channels are mixed.
  const exact = width < 4 || (encoding === 'float' && width === 4);
  for (let part = await bytes.take(most); part.length >= frame; part = await bytes.take(most)) {
    const planes = Array.from({ length: channels }, () => {
      const length = Math.floor(part.length / frame);
      return exact ? new Float32Array(length) : new Float64Array(length);
    });
    if (encoding === 'integer' && width === 2 && little) readIntegers(part, planes);
    else readPlanes(part, planes, width, read);
    if (encoding === 'float' && planes.some(isFarBeyond)) {
      checkFullScale(format, [part, await bytes.ahead(MOST_BEYOND)], width, read);
    }
    yield { channels: planes, sampleRate, totalSamples };
  }
}

/** Reads the samples of each channel. */
function readPlanes(
  bytes: Uint8Array,
  planes: readonly (Float32Array | Float64Array)[],
  width: number,
  read: SampleReader,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frame = planes.length * width;
  for (const [channel, samples] of planes.entries()) {
    for (let i = 0, at = channel * width; i < samples.length; i++, at += frame) samples[i] = read(view, at) + 0; // no −0
  }
}

/** What {@link readPlanes} does of 16 bits, the lowest byte first, as nearly all files have them: several times as fast. */
function readIntegers(bytes: Uint8Array, planes: readonly (Float32Array | Float64Array)[]): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frame = 2 * planes.length;
  for (const [channel, samples] of planes.entries()) {
    for (let i = 0, at = 2 * channel; i < samples.length; i++, at += frame)
      samples[i] = view.getInt16(at, true) / 2 ** 15;
  }
}

function isFarBeyond(samples: Float32Array | Float64Array): boolean {
  for (const sample of samples) if (sample > FAR_BEYOND || sample < -FAR_BEYOND) return true;
  return false;
}

/** @throws {AudioFormatError} saying what integers the floats look like; what is infinite is left to the check of all samples */
function checkFullScale(format: string, parts: readonly Uint8Array[], width: number, read: SampleReader): void {
  let peak = 0;
  for (const { buffer, byteOffset, byteLength } of parts) {
    const view = new DataView(buffer, byteOffset, byteLength);
    for (let at = 0; at + width <= byteLength; at += width) {
      const size = Math.fround(Math.abs(read(view, at)));
      if (size > peak && size < Number.POSITIVE_INFINITY) peak = size;
    }
  }
  if (peak <= FAR_BEYOND) return;
  const bits = [16, 24, 32].find((bits) => peak <= 2 ** bits); // resampling overshoots the range a little
  throw new AudioFormatError(
    `Cannot decode ${format}: found float samples up to ${+peak.toPrecision(6)}, where full scale is ±1` +
      (bits === undefined ? '' : `; they seem to be ${bits}-bit integers, to be divided by ${2 ** (bits - 1)}`),
  );
}
