import { expect, it } from 'vitest';
import { toLevel } from '../../src/audio/level.ts';

const sine = Float32Array.from({ length: 16_000 }, (_, i) => 0.1 * Math.sin((2 * Math.PI * 200 * i) / 16_000));

it('brings a sine to the level that is asked for (oracle: closed form), whatever its own, and leaves silence alone', () => {
  for (const gain of [0.01, 1, 5]) {
    const { samples } = toLevel({ samples: sine.map((value) => gain * value), sampleRate: 16_000 }, -20);
    expect(Math.max(...samples)).toBeCloseTo(0.1, 5);
  }
  const silence = { samples: new Float32Array(100), sampleRate: 16_000 };
  expect(toLevel(silence, -20)).toEqual(silence);
});
