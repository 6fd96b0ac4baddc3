// Work that hangs, for whatever reason, and is told to stop: it rejects with the reason, before, at once, a tick later and in the
// middle. Work that does not hang is stopped in the tests of each.

import { beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { toWaveform } from '../../src/audio/toWaveform.ts';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import { streamFeatures } from '../../src/features/streamFeatures.ts';

const never = new Promise<never>(() => {});
const hung = vi.hoisted(() => ({ ready: Promise.resolve() as Promise<void>, freed: 0 }));
vi.mock('mpg123-decoder', () => ({
  MPEGDecoder: class {
    ready = hung.ready;
    decode = () => new Promise(() => {});
    free = () => void hung.freed++;
  },
}));

const mp3 = Uint8Array.from({ length: 417 * 2 }, (_, i) => [0xff, 0xfb, 0x90, 0][i % 417] ?? 0);
const extractor = new FeatureExtractor();
const silent = (): AsyncIterable<Float32Array> => ({ [Symbol.asyncIterator]: () => ({ next: () => never }) });
const blob = Object.assign(new Blob(['RIFF']), { slice: () => ({ arrayBuffer: () => never }) });

const WORK: Record<string, (signal: AbortSignal) => Promise<unknown>> = {
  'decodeAudio, a decoder that does not decode': (signal) => decodeAudio(mp3, { signal }),
  'decodeAudio, a decoder that is never ready': (signal) => {
    hung.ready = never;
    return decodeAudio(mp3, { signal });
  },
  'toWaveform, a blob that is never read': (signal) => toWaveform(blob, { signal }),
  'toWaveform, bytes': (signal) => toWaveform(mp3, { signal }),
  'streamFeatures, a source that gives nothing': (signal) =>
    streamFeatures(extractor, silent(), { sampleRate: 44_100, signal }).next(),
};

beforeEach(() => {
  hung.ready = Promise.resolve();
});

describe.each(Object.entries(WORK))('%s', (_, work) => {
  it('is stopped', async () => {
    const reason = new Error('enough');
    await expect(work(AbortSignal.abort(reason))).rejects.toBe(reason);

    for (const wait of [
      () => undefined,
      () => Promise.resolve(),
      () => new Promise((resolve) => setImmediate(resolve)),
      () => new Promise((resolve) => setTimeout(resolve, 20)),
    ]) {
      const controller = new AbortController();
      const working = work(controller.signal);
      const outcome = expect(working).rejects.toBe(reason);
      await wait();
      controller.abort(reason);
      await outcome;
    }
  });
});

it('a stream that is left while its source gives nothing ends', async () => {
  const stream = streamFeatures(extractor, silent(), { sampleRate: 16_000 });
  const waiting = stream.next();
  expect(await stream.return(undefined)).toEqual({ done: true, value: undefined });
  expect(await waiting).toEqual({ done: true, value: undefined });
});
