import { readFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { RandomStream } from '../../src/core/random.ts';
import { ownDetector } from '../../src/speech/ownDetector.ts';
import { SAMPLE_RATE, STEP } from '../../src/speech/speechFeatures.ts';

async function answersTo(samples: Float32Array, pieces: readonly number[] = [samples.length]): Promise<number[]> {
  const detection = await ownDetector.open();
  const answers: number[] = [];
  for (let at = 0, i = 0; at < samples.length; at += pieces[i++ % pieces.length]!) {
    answers.push(...Array.from(await detection.push(samples.subarray(at, at + pieces[i % pieces.length]!))));
  }
  answers.push(...Array.from(await detection.flush()));
  return answers;
}

const clip = async (name: string) => {
  const bytes = await readFile(new URL(`../../examples/clips/${name}.wav`, import.meta.url));
  return (await decodeAudio(new Uint8Array(bytes))).samples;
};
const seconds = (length: number, sample: (t: number, i: number) => number) =>
  Float32Array.from({ length: Math.round(length * SAMPLE_RATE) }, (_, i) => sample(i / SAMPLE_RATE, i));
/** How long there is speech, in seconds. */
const heard = (answers: readonly number[]) =>
  (answers.filter((answer) => answer >= ownDetector.threshold!).length * STEP) / SAMPLE_RATE;

describe('the detector of speech', () => {
  it.each(['flat', 'lively', 'loud', 'slow', 'in-turns'])('hears that %s.wav is speech, at any level', async (name) => {
    const samples = await clip(name);
    for (const gain of [1, 0.1, 0.01]) {
      const answers = await answersTo(samples.map((sample) => gain * sample));
      expect(heard(answers)).toBeGreaterThan(0.3 * (samples.length / SAMPLE_RATE));
    }
  });

  const random = new RandomStream(7, 'noise');
  const wave = (t: number, hertz: number) => Math.sin(2 * Math.PI * hertz * t);
  const sounds: Record<string, Float32Array> = {
    silence: new Float32Array(3 * SAMPLE_RATE),
    'a constant': seconds(3, () => 1e-4),
    'white noise': seconds(5, () => 0.3 * random.normal()),
    'a tone': seconds(3, (t) => wave(t, 440)),
    'a low tone': seconds(3, (t) => wave(t, 90)),
    'mains hum': seconds(4, (t) => wave(t, 50) + 0.5 * wave(t, 150) + 0.3 * wave(t, 250)),
    'a sweep': seconds(4, (t) => wave(t, 100 + 500 * t)),
    beeps: seconds(4, (t) => (t % 0.5 < 0.2 ? wave(t, 1000) : 0)),
    'a chord': seconds(3, (t) => wave(t, 262) + wave(t, 330) + wave(t, 392)),
    clicks: seconds(3, (_, i) => (i % 4000 < 4 ? 1 : 0)),
  };
  it.each(Object.keys(sounds))('takes %s for speech at no level (property)', async (name) => {
    for (const decibels of [-80, -60, -40, -20, -3]) {
      const gain = 0.5 * 10 ** (decibels / 20);
      const answers = await answersTo(sounds[name]!.map((sample) => gain * sample));
      expect(answers.every((answer) => answer >= 0 && answer <= 1)).toBe(true);
      expect(heard(answers)).toBeLessThan(0.128);
    }
  });

  it('gives one answer for every 32 ms, the same, bit for bit, in whatever pieces sound comes (property)', async () => {
    const samples = (await clip('lively')).subarray(0, 20_000);
    const whole = await answersTo(samples);
    expect(whole).toHaveLength(Math.ceil(samples.length / STEP));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 4 }), async (pieces) => {
        expect(await answersTo(samples, pieces)).toEqual(whole);
      }),
      { numRuns: 15 },
    );
    expect(await answersTo(new Float32Array(0))).toEqual([]);
    expect(await answersTo(new Float32Array(1))).toEqual([0]);
  });

  it('answers as soon as it has heard as far ahead as it says (property: what comes later changes nothing)', async () => {
    const samples = await clip('loud');
    const { lookahead = 0, hopLength } = ownDetector;
    const detection = await ownDetector.open();
    for (const hops of [1, 2, 17]) {
      const other = Float32Array.from(samples, (sample, i) => (i < hops * hopLength + lookahead ? sample : 0.5));
      expect((await answersTo(other)).slice(0, hops)).toEqual((await answersTo(samples)).slice(0, hops));
    }
    expect(Array.from(await detection.push(samples.subarray(0, hopLength + lookahead - 1)))).toHaveLength(0);
    expect(Array.from(await detection.push(samples.subarray(0, 1)))).toHaveLength(1);
  });

  it('hears several sounds at once, each its own', async () => {
    const [a, b] = [await clip('slow'), await clip('loud')];
    const wanted = [await answersTo(a), await answersTo(b)];
    expect(await Promise.all([answersTo(a, [999]), answersTo(b, [777])])).toEqual(wanted);
  });
});
