import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { convolve } from '../../src/evaluation/audit/convolve.ts';
import { AUDIT_CHANGES, type AuditChange, type DosedClip } from '../../src/evaluation/audit/dose.ts';
import { DOSES } from '../../src/evaluation/audit/doses.ts';
import { NON_SPEECH_SOUNDS, nonSpeech } from '../../src/evaluation/audit/nonSpeech.ts';

const RATE = 16_000;

function noise(seed: number, length: number): Float32Array {
  const random = new RandomStream(seed);
  return Float32Array.from({ length }, () => 0.05 * random.normal());
}

/** Two seconds: half a second of silence, a second of noise, silence. */
const samples = new Float32Array(2 * RATE);
samples.set(noise(1, RATE), RATE / 2);
const waveform = { samples, sampleRate: RATE };
const voices = [noise(2, 5000), noise(3, 9000)].map((own) => ({ samples: own, sampleRate: RATE }));
const clip = (): DosedClip => ({
  ...{ name: 'a', random: new RandomStream(5, 'x'), voices, frameSeconds: 0.025 },
  speech: { from: RATE / 2, to: 1.5 * RATE },
});
const dosed = (change: AuditChange, dose: string) => {
  const found = DOSES[change].find((one) => one.dose === dose);
  if (!found) throw new Error(`${DOSES[change].map((one) => one.dose)}`);
  return found.apply(waveform, clip());
};
const power = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value * value, 0) / values.length;

describe('doses', () => {
  it('give other samples, all finite, the same each time, and leave the clip as it is (property)', async () => {
    const before = samples.slice();
    for (const change of AUDIT_CHANGES) {
      for (const { dose, apply } of DOSES[change]) {
        const [once, again] = [await apply(waveform, clip()), await apply(waveform, clip())];
        expect([change, dose, once.samples.every(Number.isFinite)]).toEqual([change, dose, true]);
        expect(again).toEqual(once);
        expect(once.sampleRate).toBe(RATE);
      }
    }
    expect(samples).toEqual(before);
  });

  it.each(['babble', 'whiteNoise', 'pinkNoise'] as const)(
    '%s has the ratio to the part between the silences that it says (definition)',
    async (change) => {
      for (const dose of ['20 dB', '0 dB']) {
        const changed = await dosed(change, dose);
        const added = changed.samples.map((sample, i) => sample - samples[i]!);
        const ratio = 10 * Math.log10(power(samples.subarray(RATE / 2, 1.5 * RATE)) / power(added));
        expect(ratio).toBeCloseTo(Number.parseFloat(dose), 2);
      }
    },
  );

  it('adds the same noise at each ratio, but for its level', async () => {
    const [loud, soft] = [await dosed('whiteNoise', '0 dB'), await dosed('whiteNoise', '20 dB')];
    expect(loud.samples[0]! / soft.samples[0]!).toBeCloseTo(10, 3); // the clip is silent there
  });

  it('adds nothing to silence', async () => {
    const silence = { samples: new Float32Array(1000), sampleRate: RATE };
    const [dose] = DOSES.whiteNoise;
    const changed = await dose!.apply(silence, { ...clip(), speech: { from: 0, to: 1000 } });
    expect(changed).toEqual(silence);
  });

  it('crops to the middle of what is between the silences', async () => {
    expect((await dosed('crop', '3 s')).samples).toEqual(samples.slice(RATE / 2, 1.5 * RATE));
    const longer = { ...clip(), speech: { from: 0, to: 2 * RATE } };
    const [, , second] = DOSES.crop;
    expect((await second!.apply(waveform, longer)).samples).toEqual(samples.slice(RATE / 2, 1.5 * RATE));
  });

  it('shifts by one frame, and leaves a sample of what is shorter', async () => {
    expect((await dosed('shift', '1 frame')).samples).toEqual(samples.slice(400));
    const short = { samples: samples.slice(0, 300), sampleRate: RATE };
    expect((await DOSES.shift[0]!.apply(short, clip())).samples).toHaveLength(1);
  });

  it('changes the level, cut off at full scale', async () => {
    const [soft, loud] = [await dosed('gain', '−12 dB'), await dosed('gain', '+24 dB')];
    expect(10 * Math.log10(power(soft.samples) / power(samples))).toBeCloseTo(-12, 4);
    const factor = 10 ** (24 / 20);
    expect(loud.samples).toEqual(samples.map((sample) => Math.max(-1, Math.min(1, factor * sample))));
    expect(loud.samples.filter((sample) => Math.abs(sample) === 1).length).toBeGreaterThan(0);
  });

  it('reverberates for as long as it says: 60 dB down after the time (oracle: a click, and a line through its decay)', async () => {
    const click = new Float32Array(RATE);
    click[0] = 1;
    const dose = DOSES.room.find((one) => one.dose === '0.6 s')!;
    const { samples: heard } = await dose.apply({ samples: click, sampleRate: RATE }, clip());
    const tail = heard.subarray(1);
    expect(heard[0]! ** 2).toBeCloseTo(0.5, 5);
    expect(power(tail) * tail.length).toBeCloseTo(0.5, 5);
    const level = (seconds: number) => 10 * Math.log10(power(tail.subarray(seconds * RATE, seconds * RATE + 1600)));
    expect(level(0.4) - level(0.1)).toBeGreaterThan(-32); // 30 dB in 0.3 s
    expect(level(0.4) - level(0.1)).toBeLessThan(-28);
  });
});

describe('convolve', () => {
  it.each([
    [1, 1],
    [10, 3],
    [1000, 40],
    [70, 500],
  ])('%i samples with %i taps (oracle: the sum written out)', (length, taps) => {
    const signal = noise(7, length);
    const response = Float64Array.from(noise(8, taps));
    const wanted = signal.map((_, i) => {
      let sum = 0;
      for (let k = 0; k < taps && k <= i; k++) sum += response[k]! * signal[i - k]!;
      return sum;
    });
    const got = convolve(signal, response);
    expect(got).toHaveLength(length);
    for (const [i, value] of got.entries()) expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-8);
  });
});

describe('sounds that are no speech', () => {
  it('are as many as it says, of the levels meant, and follow from the seed', () => {
    const sounds = [...nonSpeech(1)];
    expect(sounds).toHaveLength(NON_SPEECH_SOUNDS);
    expect([...nonSpeech(1)]).toEqual(sounds);
    expect([...nonSpeech(2)]).not.toEqual(sounds);
    const levels = sounds.slice(1).map(({ waveform: { samples: own } }) => 10 * Math.log10(power(own)));
    for (const [i, level] of levels.entries()) {
      const meant = [-60, -45, -30, -15][Math.floor(i / 2) % 4]!;
      expect(Math.abs(level - meant)).toBeLessThan(0.2); // what is beyond full scale is cut off
    }
  });
});
