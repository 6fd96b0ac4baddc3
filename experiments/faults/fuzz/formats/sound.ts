// bytes → their sound, in one piece or as they come; what is wrong with it

import type { Waveform } from 'speech-emotion';
import { decodeAudio, toWaveform } from 'speech-emotion/features';
import type { RandomStream } from 'speech-emotion/layers';
import { between, happens } from '../chance.ts';

/** What the input is known to hold. */
export interface Expected {
  readonly sampleRate?: number;
  readonly samples?: ArrayLike<number>;
  /** Samples at most: each takes bits in the file, or a bound of the library's holds. */
  readonly atMost: number;
}

/** Whether samples are there, finite, at a rate that recordings have, and those that were written where that is known. */
export function faultOfSound(
  answer: unknown,
  { sampleRate: rate, samples: wanted, atMost }: Expected,
): string | undefined {
  const { samples, sampleRate } = answer as Partial<Waveform>;
  if (!(samples instanceof Float32Array) || samples.length === 0) return 'no samples';
  if (!(typeof sampleRate === 'number' && sampleRate >= 1000 && sampleRate <= 768_000)) return `${sampleRate} Hz`;
  if (samples.length > atMost) return `${samples.length} samples from a file that holds ${atMost} at most`;
  if (!samples.every(Number.isFinite)) return 'samples that are not finite';
  if (rate !== undefined && rate !== sampleRate) return `${sampleRate} Hz where ${rate} were written`;
  if (wanted) {
    if (wanted.length !== samples.length) return `${samples.length} samples where ${wanted.length} were written`;
    const wrong = samples.findIndex((sample, i) => Math.abs(sample - wanted[i]!) > 1e-6);
    if (wrong >= 0) return `sample ${wrong} is ${samples[wrong]}, written was ${wanted[wrong]}`;
  }
  return undefined;
}

/** What a file of so many bytes may unpack to, as SECURITY.md has it. */
export function samplesAtMost(bytes: number): number {
  return Math.min(2 ** 30, 2 ** 22 + 1000 * bytes);
}

/** Has bytes decoded: in one piece, or some of the time as a stream in pieces of random sizes, which must make no difference. */
export function decoder(random: RandomStream, bytes: Uint8Array, channel?: number): () => Promise<Waveform> {
  const options = channel === undefined ? {} : { channel };
  if (!happens(random, 0.3)) return () => decodeAudio(bytes, options);
  const most = happens(random, 0.5) ? 40 : 4000;
  const ends: number[] = [];
  for (let end = 0; end < bytes.length; ends.push(end)) end += between(random, 1, most);
  return () => toWaveform(piecesOf(bytes, ends), options);
}

async function* piecesOf(bytes: Uint8Array, ends: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const end of ends) {
    yield bytes.subarray(start, end);
    start = end;
  }
}
