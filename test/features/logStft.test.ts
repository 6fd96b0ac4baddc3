import { describe, expect, it } from 'vitest';
import { LogStft } from '../../src/features/logStft.ts';
import { Stft } from '../../src/features/stft.ts';
import { expectClose, signal } from './reference.ts';

describe('LogStft', () => {
  const options = { frameLength: 400, hopLength: 160, fftLength: 512 };

  it('is the power of Stft in decibels, floored (definition)', () => {
    const power = new Stft({ ...options, output: 'power' }).compute(signal('speech'));
    const level = new LogStft(options).compute(signal('speech'));
    expect([level.frames, level.bins]).toEqual([power.frames, power.bins]);
    expectClose(
      level.values,
      power.values.map((p) => Math.max(-80, 10 * Math.log10(p))),
      1e-6,
    );
  });

  it('a full-scale sine on a bin reads 0 dB there (closed form)', () => {
    const samples = Float32Array.from({ length: 4000 }, (_, i) => Math.sin((2 * Math.PI * 40 * i) / 512));
    const { values, bins } = new LogStft(options).compute(samples);
    expect(values[12 * bins + 40]).toBeCloseTo(0, 4);
  });

  it('gives an NdArray [frames, bins], shows the options in effect and refuses others', () => {
    const logStft = new LogStft(options);
    expect(logStft.transform({ samples: signal('chirp'), sampleRate: 16000 }).shape).toEqual([41, 257]);
    expect(logStft.frameCount(6400)).toBe(41);
    expect(new LogStft(logStft.options).options).toEqual({ ...logStft.options, ...options, minDb: -80 });
    expect(() => new LogStft({ melBands: 3 } as never)).toThrow("there is no option named 'melBands'");
  });
});
