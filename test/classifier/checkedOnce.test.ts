// Every sample is looked at once on its way in, and no more behind that (oracle: how many there are).

import { beforeEach, describe, expect, it, vi } from 'vitest';
import { resample } from '../../src/audio/resample.ts';
import { toWaveform } from '../../src/audio/toWaveform.ts';
import { trimSilence } from '../../src/audio/trim.ts';
import type { Waveform } from '../../src/audio/waveform.ts';
import { areFinite } from '../../src/core/areFinite.ts';
import type { Recording } from '../../src/dataset/recording.ts';
import { SourceRecording } from '../../src/dataset/recording.ts';
import { prepareExamples } from '../../src/exampleSet/examples.ts';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import { LogMel } from '../../src/features/logMel.ts';
import { streamFeatures } from '../../src/features/streamFeatures.ts';
import { memorySource } from '../support/fakeRavdess.ts';
import { tinyClassifier } from '../support/tinyClassifier.ts';
import { encodeWav } from '../support/wav.ts';

vi.mock('../../src/core/areFinite.ts', async (original) => {
  const actual = await original<{ areFinite: typeof areFinite }>();
  return { areFinite: vi.fn(actual.areFinite) };
});

/** How many samples have been looked at. */
const looked = () => vi.mocked(areFinite).mock.calls.reduce((sum, [values]) => sum + values.length, 0);

const RATE = 48_000;
const LENGTH = 3 * RATE;
const samples = Float32Array.from({ length: LENGTH }, (_, i) => 0.5 * Math.sin(i / 9) * Math.sin(i / 9000));
const waveform: Waveform = { samples, sampleRate: RATE };
const mono = encodeWav(samples, RATE);
const stereo = encodeWav([samples, samples.map((sample) => 0.5 * sample)], RATE);

async function* pieces(): AsyncGenerator<Float32Array, void, undefined> {
  for (let at = 0; at < LENGTH; at += 4000) yield samples.subarray(at, at + 4000);
}
async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

describe('samples are checked once', () => {
  const tiny = tinyClassifier();

  beforeEach(() => void vi.mocked(areFinite).mockClear());

  it.each([
    ['a waveform', waveform, LENGTH],
    ['a file of one channel', mono, LENGTH],
    ['a file of two', stereo, 2 * LENGTH],
  ])('of %s, by classify, timeline, explain and toWaveform', async (_, input, count) => {
    const { classifier } = tiny;
    const calls: Record<string, () => Promise<unknown>> = {
      classify: () => classifier.classify(input),
      timeline: () => classifier.timeline(input),
      explain: () => classifier.explain(input, { steps: 2 }),
      toWaveform: () => toWaveform(input, { sampleRate: 16_000 }),
    };
    for (const [name, call] of Object.entries(calls)) {
      vi.mocked(areFinite).mockClear();
      await call();
      expect([name, looked()]).toEqual([name, count]);
    }
  });

  it('of live sound, by stream and streamFeatures', async () => {
    await drain(tiny.classifier.stream(pieces(), { sampleRate: RATE, vad: false }));
    expect(looked()).toBe(LENGTH);
    vi.mocked(areFinite).mockClear();
    await drain(streamFeatures(new FeatureExtractor(), pieces(), { sampleRate: RATE }));
    expect(looked()).toBe(LENGTH);
  });

  it('of recordings, by prepareExamples, whoever reads them', async () => {
    const about = { label: 'happy', speaker: 'anna', groups: {} };
    const own: Recording = {
      name: 'own.wav',
      ...about,
      bytes: async () => mono,
      waveform: async () => waveform,
    };
    for (const recording of [new SourceRecording(memorySource('a.wav', mono), about), own]) {
      vi.mocked(areFinite).mockClear();
      await prepareExamples([recording], { speeds: [0.9, 1.1] });
      expect(looked()).toBe(LENGTH);
    }
  });

  it('by each function that users call by itself', async () => {
    const extractor = new FeatureExtractor({ sampleRate: RATE });
    const calls: (() => unknown)[] = [
      () => resample(waveform, 16_000),
      () => trimSilence(waveform),
      () => new LogMel({ sampleRate: RATE }).compute(samples),
      () => extractor.extract(waveform),
      () => extractor.preprocess(waveform),
      () => extractor.compute(samples),
    ];
    for (const call of calls) {
      vi.mocked(areFinite).mockClear();
      await call();
      expect(looked()).toBe(LENGTH);
    }
  });
});
