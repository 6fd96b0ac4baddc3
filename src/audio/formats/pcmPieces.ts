// bytes of plain samples, how they are written → pieces of sound

import { AudioFormatError } from '../../core/errors.ts';
import type { AudioPiece } from '../audioDecoder.ts';
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

/** Samples of a piece, of all channels together: some 10 ms of work. */
const MOST_SAMPLES = 2 ** 20;
/** What no sound exceeds, full scale being 1: 18 dB above it. */
const FAR_BEYOND = 8;

const SUPPORTED = '8, 16, 24 and 32 bit integers, 32 and 64 bit floats, A-law and µ-law are supported';

/**
 * The pieces of samples, an incomplete last moment left out.
 *
 * @param format that they are part of, for messages
 * @param bytes the samples, nothing else
 * @throws {AudioFormatError} when nothing is written so, or floats are far beyond full scale
 */
export function pcmPieces(format: string, bytes: Uint8Array, layout: PcmLayout): Generator<AudioPiece, void> {
  const { encoding, little, channels } = layout;
  const bits = encoding.endsWith('-law') ? 8 : layout.bits;
  const width = Math.ceil(bits / 8);
  const read = sampleReader(encoding, width, little);
  if (!read) {
    throw new AudioFormatError(`Cannot decode ${format}: found ${encoding} samples of ${bits} bits; ${SUPPORTED}`);
  }
  if (channels === 0) throw new AudioFormatError(`Cannot decode ${format}: found 0 channels`);
  return pieces(format, bytes, layout, width, read);
}

function* pieces(
  format: string,
  bytes: Uint8Array,
  { encoding, channels, sampleRate }: PcmLayout,
  width: number,
  read: SampleReader,
): Generator<AudioPiece, void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frame = channels * width;
  const totalSamples = Math.floor(bytes.length / frame);
  const most = Math.max(1, Math.floor(MOST_SAMPLES / channels));
  // Whole numbers of 32 bits and doubles lose something in a Float32Array, which is lost once: when channels are mixed.
  const exact = width < 4 || (encoding === 'float' && width === 4);
  for (let done = 0; done < totalSamples; done += most) {
    const length = Math.min(most, totalSamples - done);
    let peak = 0;
    const planes = Array.from({ length: channels }, (_, channel) => {
      const samples = exact ? new Float32Array(length) : new Float64Array(length);
      for (let i = 0, at = done * frame + channel * width; i < length; i++, at += frame) {
        const sample = read(view, at) + 0; // no −0
        samples[i] = sample;
        if (Math.abs(sample) > peak) peak = Math.abs(sample);
      }
      return samples;
    });
    if (peak > FAR_BEYOND) checkFullScale(format, view, width, read);
    yield { channels: planes, sampleRate, totalSamples };
  }
}

/** @throws {AudioFormatError} saying what integers the floats look like; what is infinite is left to the check of all samples */
function checkFullScale(format: string, view: DataView, width: number, read: SampleReader): void {
  let peak = 0;
  for (let at = 0; at + width <= view.byteLength; at += width) {
    const size = Math.fround(Math.abs(read(view, at)));
    if (size > peak && size < Number.POSITIVE_INFINITY) peak = size;
  }
  if (peak <= FAR_BEYOND) return;
  const bits = [16, 24, 32].find((bits) => peak <= 2 ** bits); // resampling overshoots the range a little
  throw new AudioFormatError(
    `Cannot decode ${format}: found float samples up to ${+peak.toPrecision(6)}, where full scale is ±1` +
      (bits === undefined ? '' : `; they seem to be ${bits}-bit integers, to be divided by ${2 ** (bits - 1)}`),
  );
}
