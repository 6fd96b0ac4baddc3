import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogMel } from '../../src/features/logMel.ts';
import { BANDS, SpeechFeatures, STEP, STEP_SIZE } from '../../src/speech/speechFeatures.ts';
import { sound } from '../classifier/sound.ts';

function stepsOf(samples: Float32Array, pieces: readonly number[] = [samples.length]) {
  const features = new SpeechFeatures();
  const values: number[] = [];
  const audible: number[] = [];
  const add = (steps: ReturnType<SpeechFeatures['push']>) => {
    expect(steps.values).toHaveLength(steps.count * STEP_SIZE);
    values.push(...steps.values);
    audible.push(...steps.audible);
  };
  for (let at = 0, i = 0; at < samples.length; at += pieces[i++ % pieces.length]!) {
    add(features.push(samples.subarray(at, at + pieces[i % pieces.length]!)));
  }
  add(features.flush());
  return { values, audible };
}

/** As {@link SpeechFeatures} says it: two frames a step, 16 ms apart, silence behind the end, relative to the loudest band of 1.5 s. */
function writtenOut(samples: Float32Array): number[] {
  const count = Math.ceil(samples.length / STEP);
  const padded = new Float32Array(Math.max(1, (count - 1) * STEP + 768));
  padded.set(samples);
  const logMel = new LogMel({
    ...{ sampleRate: 16_000, frameLength: 512, hopLength: 256, fftLength: 512, padding: 'none' },
    ...{ melBands: BANDS, minHz: 60, maxHz: 7600, minDb: -140 },
  });
  const { values } = logMel.compute(padded);
  const loudest = Array.from({ length: count }, (_, step) =>
    Math.max(...values.subarray(step * STEP_SIZE, (step + 1) * STEP_SIZE)),
  );
  return Array.from({ length: count * STEP_SIZE }, (_, i) => {
    const step = Math.floor(i / STEP_SIZE);
    const reference = Math.max(-95, ...loudest.slice(Math.max(0, step - 46), step + 1));
    return Math.max(-60, values[i]! - reference) / 20;
  });
}

describe('SpeechFeatures', () => {
  it.each([1, 511, 512, 768, 1000, 16_000, 80_001])('of %i samples are what the definition says', (length) => {
    const { samples } = sound(6);
    const part = samples.subarray(0, length);
    const { values } = stepsOf(part);
    const wanted = writtenOut(part);
    expect(values).toHaveLength(wanted.length);
    for (const [i, value] of values.entries()) expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-4);
  });

  it('are the same, bit for bit, in whatever pieces samples come (property)', () => {
    const { samples } = sound(1.3);
    const whole = stepsOf(samples);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 5 }), (pieces) => {
        expect(stepsOf(samples, pieces)).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  it('do not depend on the level (property: a gain changes nothing)', () => {
    const { samples } = sound(1);
    const wanted = stepsOf(samples).values;
    for (const gain of [0.01, 0.1, 2]) {
      const { values } = stepsOf(samples.map((sample) => gain * sample));
      for (const [i, value] of values.entries()) expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-3);
    }
  });

  it('say where there is nothing at all, and are numbers even there', () => {
    const samples = new Float32Array(4 * STEP);
    samples.fill(1e-6, STEP, 2 * STEP);
    const { values, audible } = stepsOf(samples);
    expect(values.every((value) => value >= -3 && value <= 0)).toBe(true);
    expect(audible).toEqual([0, 0, 0, 0]);
    expect(stepsOf(sound(0.1).samples).audible.every(Boolean)).toBe(true);
  });
});
