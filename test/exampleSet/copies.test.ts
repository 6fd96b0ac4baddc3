import { describe, expect, it } from 'vitest';
import { throughTelephone } from '../../src/audio/telephone.ts';
import { DatasetError } from '../../src/core/errors.ts';
import { RandomStream } from '../../src/core/random.ts';
import type { Recording } from '../../src/dataset/recording.ts';
import type { WaveformCopy } from '../../src/exampleSet/copies.ts';
import { copyWaveform } from '../../src/exampleSet/copyWaveform.ts';
import { examplesFromBytes, examplesToBytes } from '../../src/exampleSet/exampleBytes.ts';
import { mergeExamples, prepareExamples } from '../../src/exampleSet/examples.ts';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import { headerOf, withHeader } from '../training/packedFile.ts';

const RATE = 16_000;
const stream = new RandomStream(1);
const samples = Float32Array.from({ length: 12_001 }, () => 0.1 * stream.normal());
const waveform = { samples, sampleRate: RATE };
const features = { features: { type: 'logMel', melBands: 20 }, trim: false } as const;
const extractor = new FeatureExtractor(features);
const recording = (name: string, label: string): Recording => ({
  ...{ name, label, speaker: name, groups: {} },
  bytes: () => Promise.reject(new Error('not needed')),
  waveform: async () => waveform,
});
const two = [recording('a', 'sad'), recording('b', 'happy')];
const copies: readonly WaveformCopy[] = [
  { type: 'telephone', codec: 'gsm' },
  { type: 'clipped', excessDb: 20 },
  { type: 'lowRate' },
];
const RESOLVED = [
  { type: 'telephone', codec: 'gsm' },
  { type: 'clipped', excessDb: 20 },
  { type: 'lowRate', sampleRate: 8000 },
];

describe('copyWaveform', () => {
  it('is as long as the clip, whatever the rates', async () => {
    for (const sampleRate of [8000, 11_025, 16_000, 48_000]) {
      expect(await copyWaveform(waveform, { type: 'lowRate', sampleRate })).toHaveLength(samples.length);
    }
    expect(await copyWaveform(waveform, { type: 'lowRate', sampleRate: 48_000 })).toEqual(samples);
    expect(await copyWaveform(waveform, { type: 'telephone', codec: 'aLaw' })).toHaveLength(samples.length);
  });

  it('clips what is so far below the highest peak, and nothing else (closed form)', async () => {
    const peak = Math.max(...samples.map(Math.abs));
    for (const excessDb of [0, 6, 20]) {
      const limit = peak * 10 ** (-excessDb / 20);
      const got = await copyWaveform(waveform, { type: 'clipped', excessDb });
      for (const [i, value] of got.entries()) {
        const wanted = Math.abs(samples[i]!) <= limit ? samples[i]! : Math.sign(samples[i]!) * limit;
        expect(Math.abs(value - wanted)).toBeLessThan(1e-7);
      }
    }
  });

  it('has nothing above half the low rate, and all below (oracle: the features of the clip)', async () => {
    const wide = new FeatureExtractor({ features: { type: 'stft', minDb: -120 }, trim: false });
    const [before, after] = [samples, await copyWaveform(waveform, { type: 'lowRate', sampleRate: 8000 })].map(
      (sound) => wide.compute(sound).values.subarray(10 * wide.bins, 11 * wide.bins),
    );
    const bin = (hz: number) => Math.round((hz * 2048) / RATE);
    for (let k = bin(100); k < bin(3700); k++) expect(Math.abs(after![k]! - before![k]!)).toBeLessThan(1.5);
    for (let k = bin(4400); k < wide.bins; k++) expect(after![k]).toBeLessThan(-100);
  });
});

describe('prepareExamples({ copies })', () => {
  it('has the features of the copies after those of the speeds (oracle: the extractor)', async () => {
    const set = await prepareExamples(two, { features, speeds: [1.1], copies });
    expect(set.copies).toEqual(RESOLVED);
    for (const { variants } of set.examples) {
      expect(variants).toHaveLength(5);
      const telephone = await throughTelephone(waveform, 'gsm');
      const { values } = await extractor.extract(telephone);
      const frames = Math.min(values.length, variants[2]!.values.length) / 20;
      // The rate is changed in two ways: alike but near half the rate of telephones.
      for (let frame = 2; frame < frames - 2; frame++) {
        for (let bin = 3; bin < 13; bin++) {
          expect(Math.abs(values[frame * 20 + bin]! - variants[2]!.values[frame * 20 + bin]!)).toBeLessThan(0.1);
        }
      }
      expect(variants[3]).toEqual(extractor.compute(await copyWaveform(waveform, RESOLVED[1] as never)));
      expect(variants[4]).toEqual(extractor.compute(await copyWaveform(waveform, RESOLVED[2] as never)));
    }
  });

  it('makes sets without copies as they always were', async () => {
    expect(await prepareExamples(two, { features, copies: [] })).toEqual(await prepareExamples(two, { features }));
    expect('copies' in (await prepareExamples(two, { features }))).toBe(false);
  });

  it.each([
    [[{ type: 'radio' }], "copies[0].type must be one of 'telephone', 'clipped', 'lowRate', got \"radio\""],
    [[{ type: 'lowRate' }, { type: 'telephone', codec: 'opus' }], 'copies[1].codec must be one of'],
    [[{ type: 'clipped', excessDb: -1 }], 'copies[0].excessDb must be a number from 0 to 100, got -1'],
    [[{ type: 'lowRate', sampleRate: 10.5 }], 'copies[0].sampleRate must be a whole number'],
    [[{ type: 'clipped', codec: 'gsm' }], "there is no option named 'copies[0].codec'"],
    [[null], 'copies[0] must be an object, got null'],
    ['telephone', 'copies must be an array'],
  ])('refuses %j', async (wrong, message) => {
    await expect(prepareExamples(two, { features, copies: wrong as never })).rejects.toThrow(message);
  });

  it('stops when its signal aborts', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const work = prepareExamples(two, {
      ...{ features, copies, signal: controller.signal },
      onProgress: () => controller.abort(reason),
    });
    await expect(work).rejects.toBe(reason);
  });

  it('is stored, read and merged with its copies, and by nothing that would lose them', async () => {
    const set = await prepareExamples(two, { features, copies });
    const bytes = examplesToBytes(set);
    expect(examplesFromBytes(bytes)).toEqual(set);
    expect(new TextDecoder().decode(bytes.subarray(0, 8))).toBe('SEMOEXS2');
    const plain = await prepareExamples([recording('c', 'sad'), recording('d', 'happy')], { features });
    expect(() => mergeExamples(set, plain)).toThrow('copies must be the same in all');
    const [first, ...others] = set.examples;
    const short = { ...set, examples: [{ ...first!, variants: first!.variants.slice(0, 2) }, ...others] };
    expect(() => examplesToBytes(short)).toThrow("'a' must have a variant for each of the 1 speeds and 3 copies");
    const header = JSON.stringify(headerOf(bytes));
    for (const [from, to] of [
      ['"codec":"gsm"', '"codec":"opus"'],
      [',"codec":"gsm"', ''],
      ['{"type":"clipped","excessDb":20},', ''],
    ] as const) {
      expect(header).toContain(from);
      expect(() => examplesFromBytes(withHeader(bytes, header.replace(from, to)))).toThrow(DatasetError);
    }
  });
});
