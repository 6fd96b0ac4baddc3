import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resample } from '../../src/audio/resample.ts';
import type { Waveform } from '../../src/audio/waveform.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { RandomStream } from '../../src/core/random.ts';

function tone(hz: number, sampleRate: number, seconds: number, phase = 0.3): Waveform {
  const samples = Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) =>
    Math.sin((2 * Math.PI * hz * i) / sampleRate + phase),
  );
  return { samples, sampleRate };
}

/** All but the first and last 50 ms, where the filter also sees the silence around the clip. */
const inner = ({ samples, sampleRate }: Waveform) => samples.subarray(0.05 * sampleRate, -0.05 * sampleRate);
const decibels = (ratio: number) => 20 * Math.log10(ratio);
const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
const distance = (a: Float32Array, b: Float32Array) => {
  expect(a.length).toBe(b.length);
  return a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i]!)), 0);
};

describe('resample', () => {
  // The oracle is closed: the resampled tone is the same tone sampled at the other rate. Agreement sample by sample, and
  // not in level only, shows that there is neither delay nor drift. The filter's ripple is 2.5e-6 at most.
  it.each([
    [48_000, 16_000],
    [44_100, 16_000],
    [22_050, 16_000],
    [8000, 16_000],
    [14_400, 16_000],
    [16_000, 48_000],
  ])(
    'maps tones of the pass band, %i to %i Hz, onto the same tones: flat within 0.001 dB, no delay',
    async (from, to) => {
      const limit = 7500 * Math.min(1, Math.min(from, to) / 16_000);
      for (const hz of [50, 440, 0.4 * limit, 0.8 * limit, limit]) {
        const got = inner(await resample(tone(hz, from, 0.5), to));
        const want = inner(tone(hz, to, 0.5));
        expect(Math.abs(decibels(rms(got) / rms(want))), `${hz} Hz`).toBeLessThan(0.001);
        expect(distance(got, want), `${hz} Hz`).toBeLessThan(1e-5);
      }
    },
  );

  it.each([48_000, 44_100, 44_101])('takes what would alias, %i to 16 kHz, below -100 dB', async (from) => {
    for (let hz = 8000; hz < from / 2; hz += 1490) {
      const got = inner(await resample(tone(hz, from, 0.3), 16_000));
      expect(decibels(rms(got) / Math.SQRT1_2), `${hz} Hz`).toBeLessThan(-100);
    }
  });

  it.each([8000, 11_025, 12_345])(
    'makes no images of what is below Nyquist, %i to 16 kHz, above -100 dB',
    async (from) => {
      for (const hz of [300, 0.4 * from]) {
        const got = inner(await resample(tone(hz, from, 0.5), 16_000));
        const want = inner(tone(hz, 16_000, 0.5));
        expect(
          decibels(rms(got.subarray(0, want.length - 1).map((x, i) => x - want[i]!)) / Math.SQRT1_2),
          `${hz} Hz`,
        ).toBeLessThan(-100);
      }
    },
  );

  it('does not drift in a long recording, nor show where its blocks meet', async () => {
    const hz = 3137; // 20 s at 44.1 kHz are several blocks
    const got = inner(await resample(tone(hz, 44_100, 20), 16_000));
    expect(distance(got, inner(tone(hz, 16_000, 20)))).toBeLessThan(1e-5);
  });

  it('gives a long recording the samples that each part of it gets alone', async () => {
    const noise = new RandomStream(1, 'noise');
    const samples = Float32Array.from({ length: 320_000 }, () => noise.uniform(-0.5, 0.5));
    const whole = (await resample({ samples, sampleRate: 48_000 }, 16_000)).samples;
    const at = 60_000; // a part across the first seam, which is behind 170,000 samples
    const length = 200_000;
    const part = (await resample({ samples: samples.subarray(at, at + length), sampleRate: 48_000 }, 16_000)).samples;
    const reach = 120;
    expect(distance(whole.subarray(at / 3 + reach, at / 3 + 60_000), part.subarray(reach, 60_000))).toBe(0);
  });

  it('returns round(n × ratio) samples, one at least, of finite values, for any two rates', async () => {
    const rate = fc.oneof(
      fc.constantFrom(8000, 11_025, 16_000, 44_100, 48_000),
      fc.integer({ min: 4000, max: 384_000 }),
    );
    await fc.assert(
      fc.asyncProperty(rate, rate, fc.integer({ min: 1, max: 1000 }), fc.integer(), async (from, to, length, seed) => {
        const noise = new RandomStream(seed, 'noise');
        const samples = Float32Array.from({ length }, () => noise.uniform(-1, 1));
        const result = await resample({ samples, sampleRate: from }, to);
        expect(result.sampleRate).toBe(to);
        expect(result.samples.length).toBe(Math.max(1, Math.round((length * to) / from)));
        expect(result.samples.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is linear: silence stays silence, half the level gives half the result', async () => {
    const silence = await resample({ samples: new Float32Array(1000), sampleRate: 44_100 }, 16_000);
    expect(silence.samples.every((x) => x === 0)).toBe(true);
    const { samples } = tone(1000, 44_100, 0.1);
    const whole = (await resample({ samples, sampleRate: 44_100 }, 16_000)).samples;
    const half = (await resample({ samples: samples.map((x) => x / 2), sampleRate: 44_100 }, 16_000)).samples;
    expect(
      distance(
        half,
        whole.map((x) => x / 2),
      ),
    ).toBe(0);
  });

  it('keeps calls apart that run at the same time', async () => {
    const [a, b] = [tone(1000, 48_000, 6), tone(700, 44_100, 6.5)];
    const alone = [await resample(a, 16_000), await resample(b, 22_050)];
    const together = await Promise.all([resample(a, 16_000), resample(b, 22_050)]);
    expect(distance(together[0].samples, alone[0]!.samples)).toBe(0);
    expect(distance(together[1].samples, alone[1]!.samples)).toBe(0);
  });

  it('does not wear out: the thousandth call gives what the first did', async () => {
    const short = tone(1000, 16_000, 0.004);
    const first = await resample(short, 8000);
    for (let i = 0; i < 1000; i++) await resample(short, i % 2 ? 8000 : 22_050);
    expect(distance((await resample(short, 8000)).samples, first.samples)).toBe(0);
  });

  it('returns the waveform itself where the rate is right, and leaves its input alone', async () => {
    const right = tone(440, 16_000, 0.01);
    expect(await resample(right, 16_000)).toBe(right);
    const copy = right.samples.slice();
    await resample(right, 8000);
    expect(right.samples).toEqual(copy);
  });

  it('stops when its signal aborts, with the reason of the signal', async () => {
    const reason = new Error('enough');
    await expect(resample(tone(440, 8000, 0.1), 16_000, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const long = resample(tone(440, 48_000, 8), 16_000, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 0);
    await expect(long).rejects.toBe(reason);
  });

  it.each([0, -16_000, 16_000.5, Number.NaN, Number.POSITIVE_INFINITY, 400_000])(
    'refuses to go to %d Hz',
    async (rate) => {
      const resampling = resample(tone(440, 8000, 0.01), rate);
      await expect(resampling).rejects.toThrow(RangeError);
      await expect(resampling).rejects.toThrow(
        `Cannot resample: sampleRate must be a whole number of Hz from 1 to 384000, got ${rate}`,
      );
    },
  );

  it('refuses rates too far apart, and waveforms that are none', async () => {
    const samples = new Float32Array(10);
    await expect(resample({ samples, sampleRate: 100 }, 48_000)).rejects.toThrow(
      "sampleRate must be within 256 times the waveform's 100 Hz, got 48000",
    );
    await expect(resample({ samples, sampleRate: 1.5 }, 48_000)).rejects.toThrow(RangeError);
    await expect(resample({ samples: new Float32Array(0), sampleRate: 8000 }, 16_000)).rejects.toThrow(RangeError);
    await expect(resample({ samples: [0] as never, sampleRate: 8000 }, 16_000)).rejects.toThrow(TypeError);
    const broken = { samples: Float32Array.of(0, Number.NaN), sampleRate: 8000 };
    await expect(resample(broken, 16_000)).rejects.toThrow(AudioFormatError);
  });
});
