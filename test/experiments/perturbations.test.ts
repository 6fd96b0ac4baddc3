import { readFile } from 'node:fs/promises';
import { toWaveform, type Waveform } from 'speech-emotion';
import { resample, trimSilence } from 'speech-emotion/features';
import { beforeAll, describe, expect, it } from 'vitest';
import { PERTURBATIONS } from '../../experiments/robustness/perturbations.ts';

/** A spoken sentence, 0.9 s at 16 kHz. */
let speech: Waveform;
/** The sentence twice, between 0.8 s and 0.7 s of digital silence, as clips of RAVDESS have it at their ends. */
let clip: Waveform;

beforeAll(async () => {
  speech = await toWaveform(await readFile(new URL('../fixtures/audio/speech.wav', import.meta.url)));
  const { samples: once, sampleRate } = speech;
  const samples = new Float32Array(2 * once.length + 1.5 * sampleRate);
  samples.set(once, 0.8 * sampleRate);
  samples.set(once, 0.8 * sampleRate + once.length);
  clip = { samples, sampleRate };
});

function perturb(name: string, waveform: Waveform, clipName = 'a.wav'): Promise<Waveform> {
  return PERTURBATIONS.find((perturbation) => perturbation.name === name)!.apply(waveform, clipName, noVoices);
}

const noVoices = async () => [];

function sine(hz: number, sampleRate = 48_000): Waveform {
  const samples = Float32Array.from(
    { length: sampleRate },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / sampleRate),
  );
  return { samples, sampleRate };
}

const power = (samples: Float32Array) => samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length;
const peak = (samples: Float32Array) => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
const decibels = (ratio: number) => 10 * Math.log10(ratio);
/** Whether two arrays hold the same bits. */
const same = (a: Float32Array, b: Float32Array) =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));
const minus = (a: Float32Array, b: Float32Array) => a.map((sample, i) => sample - b[i]!);

describe('every perturbation (properties)', () => {
  it('has a name of its own, clean first, and says what it does', () => {
    const names = PERTURBATIONS.map(({ name }) => name);
    expect(names).toEqual([
      ...['clean', 'noise-20db', 'noise-10db', 'noise-0db', 'gain+12db', 'gain-12db'],
      ...['telephone', '8-bit', 'mp3', 'clipped', 'cropped', 'room-0.6s', 'babble-10db', 'opus'],
    ]);
    expect(new Set(PERTURBATIONS.map(({ description }) => description)).size).toBe(names.length);
  });

  it('gives the same samples again, finite, at the same rate, and leaves its input alone', async () => {
    for (const sampleRate of [16_000, 48_000]) {
      const waveform = await resample(clip, sampleRate);
      const before = waveform.samples.slice();
      for (const { name, apply } of PERTURBATIONS) {
        const voices = async () => [sine(300, sampleRate)];
        const first = await apply(waveform, 'a.wav', voices);
        const again = await apply({ ...waveform, samples: waveform.samples.slice() }, 'a.wav', voices);
        expect(same(again.samples, first.samples), name).toBe(true);
        expect(first.samples.every(Number.isFinite), name).toBe(true);
        expect(first.sampleRate, name).toBe(name === 'telephone' ? 8_000 : sampleRate);
        expect(same(waveform.samples, before), name).toBe(true);
        expect(same(first.samples, before), name).toBe(name === 'clean');
      }
    }
  });

  it('goes through with silence and with a single sample', async () => {
    for (const samples of [new Float32Array(16_000), Float32Array.of(0.5)]) {
      for (const { name, apply } of PERTURBATIONS) {
        const result = await apply({ samples, sampleRate: 16_000 }, 'a.wav', noVoices);
        expect(result.samples.length, name).toBeGreaterThan(0);
        expect(result.samples.every(Number.isFinite), name).toBe(true);
      }
    }
  });
});

describe('clean', () => {
  it('is the clip (identity)', async () => {
    expect(await perturb('clean', clip)).toEqual(clip);
  });
});

describe('noise', () => {
  it.each([20, 10, 0])('is %i dB below the speech without the silence (definition of SNR)', async (snr) => {
    const { samples } = await perturb(`noise-${snr}db`, clip);
    const noise = minus(samples, clip.samples);
    const measured = decibels(power(trimSilence(clip).samples) / power(noise));
    expect(Math.abs(measured - snr)).toBeLessThan(0.1);
    // The silence, nearly half of the clip, would have made 2 dB of difference.
    expect(Math.abs(decibels(power(clip.samples) / power(noise)) - snr)).toBeGreaterThan(1);
  });

  it('is white and Gaussian (moments; power of its differences) and throughout', async () => {
    const noise = minus((await perturb('noise-0db', clip)).samples, clip.samples);
    const variance = power(noise);
    expect(Math.abs(noise.reduce((sum, sample) => sum + sample, 0) / noise.length)).toBeLessThan(
      0.03 * Math.sqrt(variance),
    );
    const kurtosis = noise.reduce((sum, sample) => sum + sample ** 4, 0) / noise.length / variance ** 2;
    expect(Math.abs(kurtosis - 3)).toBeLessThan(0.15);
    // Differences of independent samples have twice their variance.
    expect(power(minus(noise.subarray(1), noise)) / variance).toBeCloseTo(2, 1);
    for (let at = 0; at + 1600 <= noise.length; at += 1600) {
      expect(Math.abs(decibels(power(noise.subarray(at, at + 1600)) / variance))).toBeLessThan(1);
    }
  });

  it('follows from the name of the clip, and is the same at every level but for the level', async () => {
    const noiseOf = async (name: string, clipName: string) =>
      minus((await perturb(name, clip, clipName)).samples, clip.samples);
    const noise = await noiseOf('noise-0db', 'a.wav');
    const other = await noiseOf('noise-0db', 'b.wav');
    const product = noise.reduce((sum, sample, i) => sum + sample * other[i]!, 0) / noise.length;
    expect(Math.abs(product / power(noise))).toBeLessThan(0.03);
    const quieter = await noiseOf('noise-20db', 'a.wav');
    expect(
      peak(
        minus(
          quieter,
          noise.map((sample) => sample / 10),
        ),
      ),
    ).toBeLessThan(1e-6); // rounding of the sums
  });
});

describe('gain', () => {
  it.each([
    ['gain+12db', 12],
    ['gain-12db', -12],
  ])('%s is %i dB below full scale (definition of the decibel)', async (name, gain) => {
    const factor = 0.2 / peak(clip.samples);
    const quiet = { ...clip, samples: clip.samples.map((sample) => factor * sample) };
    const { samples } = await perturb(name, quiet);
    expect(decibels(power(samples) / power(quiet.samples))).toBeCloseTo(gain, 5);
    const wanted = quiet.samples.map((sample) => sample * 10 ** (gain / 20));
    expect(peak(minus(samples, wanted))).toBeLessThan(1e-7);
  });

  it('is cut off at full scale (by hand: 12 dB are a factor of 3.981)', async () => {
    const loud = { samples: Float32Array.of(0.25, 0.26, -0.25, -0.26), sampleRate: 16_000 };
    const { samples } = await perturb('gain+12db', loud);
    for (const [i, wanted] of [0.9953, 1, -0.9953, -1].entries()) expect(samples[i]).toBeCloseTo(wanted, 4);
    expect(peak(samples)).toBe(1);
  });
});

describe('telephone', () => {
  /** Level of a sine that went through, relative to before, without the first and last 0.1 s. */
  const levelOf = async (hz: number) => {
    const { samples } = await perturb('telephone', sine(hz));
    return decibels(power(samples.subarray(800, -800)) / 0.125);
  };

  it.each([400, 1000, 2000, 3300])('passes %i Hz (power of a sine)', async (hz) => {
    expect(Math.abs(await levelOf(hz))).toBeLessThan(0.1);
  });

  it.each([50, 100, 200, 3600, 5000, 12_000])('holds %i Hz back', async (hz) => {
    expect(await levelOf(hz)).toBeLessThan(-40);
  });

  it.each([300, 3400])('is 6 dB down at its edge, %i Hz', async (hz) => {
    expect(await levelOf(hz)).toBeCloseTo(-6, 0);
  });

  it('lasts as long as before and delays nothing (a sine, phase and all)', async () => {
    const { samples, sampleRate } = await perturb('telephone', sine(1000));
    expect([samples.length, sampleRate]).toEqual([8000, 8000]);
    const wanted = sine(1000, 8000).samples;
    expect(peak(minus(samples, wanted).subarray(800, -800))).toBeLessThan(0.01);
  });

  it('treats both sides of a sample alike (an impulse; linear phase)', async () => {
    const impulse = new Float32Array(401);
    impulse[200] = 1;
    const { samples } = await perturb('telephone', { samples: impulse, sampleRate: 8000 });
    expect(peak(minus(samples, samples.toReversed()))).toBeLessThan(1e-7);
    expect(samples.filter((sample) => sample !== 0).length).toBeGreaterThan(200);
  });
});

describe('8-bit', () => {
  it('has 256 values, at most half a step from the sample (definition of rounding)', async () => {
    const samples = Float32Array.from({ length: 10_001 }, (_, i) => -1 + i / 5000); // all of the full scale
    const quantised = (await perturb('8-bit', { samples, sampleRate: 16_000 })).samples;
    expect(new Set(quantised).size).toBe(256);
    const representable = samples.map((sample) => Math.min(sample, 127 / 128));
    expect(peak(minus(quantised, representable))).toBeLessThanOrEqual(1 / 256);
    expect(quantised.every((sample) => Number.isInteger(128 * sample))).toBe(true);
  });
});

describe('mp3', () => {
  const correlation = (a: Float32Array, b: Float32Array, lag: number) => {
    let [both, first, second] = [0, 0, 0];
    for (let i = Math.max(0, -lag); i < a.length && i + lag < b.length; i++) {
      both += a[i]! * b[i + lag]!;
      first += a[i]! ** 2;
      second += b[i + lag]! ** 2;
    }
    return both / Math.sqrt(first * second);
  };

  it.each([16_000, 22_050, 44_100, 48_000])('resembles the speech, not delayed, at %i Hz', async (sampleRate) => {
    const before = await resample(speech, sampleRate);
    const after = await perturb('mp3', before);
    expect(after.samples.length).toBe(before.samples.length);
    expect(after.sampleRate).toBe(sampleRate);
    const lags = Array.from({ length: 2001 }, (_, i) => i - 1000);
    const likeness = lags.map((lag) => correlation(before.samples, after.samples, lag));
    const best = likeness.indexOf(Math.max(...likeness));
    expect(likeness[best]).toBeGreaterThan(0.98);
    expect(lags[best]).toBe(0);
  });

  it('loses what 32 kbit/s cannot hold (level of the difference)', async () => {
    const { samples } = await perturb('mp3', speech);
    const loss = decibels(power(speech.samples) / power(minus(samples, speech.samples)));
    // The encoder's neighbouring bit rates, 24 and 40 kbit/s, lose 18.7 dB and 22.3 dB below the speech.
    expect(loss).toBeGreaterThan(19.5);
    expect(loss).toBeLessThan(21.5);
  });

  it('has no memory of the clip before (property)', async () => {
    const first = await perturb('mp3', speech);
    await Promise.all([perturb('mp3', clip), perturb('mp3', sine(440))]);
    expect(same((await perturb('mp3', speech)).samples, first.samples)).toBe(true);
    const [, beside] = await Promise.all([perturb('mp3', clip), perturb('mp3', speech)]);
    expect(same(beside.samples, first.samples)).toBe(true);
  });
});

describe('clipped', () => {
  it('has a peak 10 dB lower, and all below it as it was (definition)', async () => {
    const { samples } = await perturb('clipped', clip);
    expect(20 * Math.log10(peak(clip.samples) / peak(samples))).toBeCloseTo(10, 5);
    const limit = peak(samples);
    for (const [i, sample] of clip.samples.entries()) {
      if (samples[i] !== (Math.abs(sample) <= limit ? sample : Math.sign(sample) * limit)) expect(i).toBe(-1);
    }
    expect(samples.filter((sample) => Math.abs(sample) === limit).length).toBeGreaterThan(100);
  });
});

describe('cropped', () => {
  it('is the middle second of the speech, sample by sample', async () => {
    const { samples } = await perturb('cropped', clip);
    expect(samples.length).toBe(16_000);
    const whole = trimSilence(clip).samples;
    const spare = whole.length - 16_000;
    expect(spare).toBeGreaterThan(8_000);
    const before = Math.floor(spare / 2);
    expect(samples).toEqual(whole.slice(before, before + 16_000));
  });

  it('leaves speech that is shorter whole', async () => {
    expect((await perturb('cropped', speech)).samples).toEqual(trimSilence(speech).samples);
  });
});

describe('room', () => {
  it('makes a click die away by 60 dB in its time, as loud in sum as the click (closed form)', async () => {
    const samples = new Float32Array(16_000);
    samples[0] = 0.5;
    const { samples: heard } = await perturb('room-0.6s', { samples, sampleRate: 16_000 });
    const between = (from: number, to: number) => power(heard.subarray(from * 16_000, to * 16_000));
    expect(decibels(between(0.05, 0.1) / between(0.35, 0.4))).toBeGreaterThan(28);
    expect(decibels(between(0.05, 0.1) / between(0.35, 0.4))).toBeLessThan(32);
    expect(peak(heard.subarray(0.6 * 16_000))).toBeLessThan(1e-6);
    expect(Math.abs(decibels(power(heard) / power(samples)))).toBeLessThan(0.1);
  });
});

describe('babble', () => {
  it('adds the voices at its ratio to the speech (closed form: powers)', async () => {
    const voice = { ...sine(300, 16_000) };
    const { apply } = PERTURBATIONS.find(({ name }) => name === 'babble-10db')!;
    const { samples } = await apply(clip, 'a.wav', async () => [voice]);
    const speechPower = power(trimSilence(clip).samples);
    expect(decibels(speechPower / power(minus(samples, clip.samples)))).toBeCloseTo(10, 1);
  });
});

describe('opus', () => {
  it('keeps what a telephone would, in place (property: the wave is like the one before, and nothing else)', async () => {
    const { samples } = await perturb('opus', speech);
    const alike = (late: number) => {
      const [a, b] = [speech.samples.subarray(8, -8), samples.subarray(8 + late, samples.length - 8 + late)];
      return a.reduce((sum, sample, i) => sum + sample * b[i]!, 0) / Math.sqrt(power(a) * power(b)) / a.length;
    };
    expect(alike(0)).toBeGreaterThan(0.9);
    expect(alike(0)).toBeLessThan(0.999);
    expect(alike(0)).toBeGreaterThan(Math.max(alike(-2), alike(-1), alike(1), alike(2)));
  });
});
