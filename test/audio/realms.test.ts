// Sound of another realm, as an iframe or node:vm makes it. Oracle: the same sound of this one.

import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { resample } from '../../src/audio/resample.ts';
import { toWaveform } from '../../src/audio/toWaveform.ts';
import { trimSilence } from '../../src/audio/trim.ts';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import { LogMel } from '../../src/features/logMel.ts';
import { Normalizer } from '../../src/features/normalizer.ts';
import { Stft } from '../../src/features/stft.ts';
import { streamFeatures } from '../../src/features/streamFeatures.ts';

const context = createContext({ AbortController });
const foreign = <T>(program: string): T => runInContext(program, context);
/** Numbers in an array of the other realm. */
const foreignArray = <T>(kind: string, numbers: ArrayLike<number>): T =>
  foreign<(text: string) => T>(`(text) => ${kind}.from(JSON.parse(text))`)(JSON.stringify(Array.from(numbers)));

const samples = Float32Array.from({ length: 3200 }, (_, i) => 0.5 * Math.sin(i * 0.3));
const own = { samples, sampleRate: 16_000 };
const theirs = foreign<(samples: Float32Array) => typeof own>('(samples) => ({ samples, sampleRate: 16000 })')(
  foreignArray('Float32Array', samples),
);
const list = (numbers: ArrayLike<number>) => Array.from(numbers);

describe('another realm', () => {
  it('is one: its arrays are of other classes', () => {
    expect(theirs.samples instanceof Float32Array).toBe(false);
    expect(theirs instanceof Object).toBe(false);
  });

  it.each(['speech.wav', 'speech.flac', 'speech.oga', 'speech.mp3', 'speech.ogg'])('%s', async (name) => {
    const bytes = readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url));
    const expected = await decodeAudio(bytes);
    const array = foreignArray<Uint8Array>('Uint8Array', bytes);
    expect(await decodeAudio(array, foreign('({ maxSeconds: 1 })'))).toEqual(expected);
    expect(await toWaveform(array.buffer as ArrayBuffer)).toEqual(expected);
    const blob = foreign<(buffer: unknown) => Blob>('(buffer) => ({ arrayBuffer: async () => buffer })')(array.buffer);
    expect(await toWaveform(blob)).toEqual(expected);
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    expect(await decodeAudio(shared as Uint8Array)).toEqual(expected);
  });

  it('waveforms', async () => {
    expect(await toWaveform(theirs)).toBe(theirs);
    expect(await resample(theirs, 8000)).toEqual(await resample(own, 8000));
    expect(list(trimSilence(theirs, foreign('({ thresholdDb: 20 })')).samples)).toEqual(
      list(trimSilence(own, { thresholdDb: 20 }).samples),
    );
    const extractor = new FeatureExtractor(foreign("({ features: { type: 'mfcc' } })"));
    expect(await extractor.extract(theirs)).toEqual(await extractor.extract(own));
    expect(new LogMel().transform(theirs).data).toEqual(new LogMel().transform(own).data);
    expect(new Stft().compute(theirs.samples)).toEqual(new Stft().compute(samples));
  });

  it('streams', async () => {
    const extractor = new FeatureExtractor();
    const framesOf = async (piece: Float32Array) => {
      const source = async function* () {
        yield piece;
      };
      const values: number[] = [];
      for await (const frames of streamFeatures(extractor, source(), { sampleRate: 16_000 }))
        values.push(...frames.values);
      return values;
    };
    expect(await framesOf(theirs.samples)).toEqual(await framesOf(samples));
  });

  it('normalisers', () => {
    const ones = foreignArray<Float32Array>('Float32Array', [1, 1]);
    expect(new Normalizer(ones, ones).apply({ values: Float32Array.of(1, 2), frames: 1, bins: 2 }).values).toEqual(
      Float32Array.of(0, 1),
    );
    const json = { mean: [1, 2], std: [1, 2] };
    expect(Normalizer.fromJSON(foreign(`(${JSON.stringify(json)})`)).toJSON()).toEqual(json);
  });
});

describe('what is none', () => {
  it.each([null, 'RIFF', new DataView(new ArrayBuffer(44)), new Uint16Array(44), [82, 73]])('%j', async (bytes) => {
    await expect(decodeAudio(bytes as never)).rejects.toThrow('bytes must be a Uint8Array');
    await expect(toWaveform(bytes as never)).rejects.toThrow('input must be a Waveform');
  });

  it('a blob that gives no bytes', async () => {
    const blob = { arrayBuffer: async () => 'RIFF' } as never;
    await expect(toWaveform(blob)).rejects.toThrow(
      'Cannot read audio: arrayBuffer() must give an ArrayBuffer, got string',
    );
  });
});
