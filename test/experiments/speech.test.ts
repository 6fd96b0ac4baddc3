import { RandomStream } from 'speech-emotion/layers';
import { describe, expect, it } from 'vitest';
import { activeLevel, atSpeed, inRoom, telephoned, whispered } from '../../experiments/speech/degrade.ts';
import { makeScene, type Sounds, STEPS } from '../../experiments/speech/scenes.ts';
import { SOUND_PACKAGES } from '../../experiments/speech/soundPackages.ts';
import { SYNTHETIC } from '../../experiments/speech/syntheticSounds.ts';
import { chooseThreshold } from '../../experiments/speech/threshold.ts';
import { initialWeights, TrainableNetwork } from '../../experiments/speech/trainableNetwork.ts';
import { RealFft } from '../../src/features/fft.ts';
import { STEP_SIZE } from '../../src/speech/speechFeatures.ts';
import { SpeechNetwork, WEIGHTS } from '../../src/speech/speechNetwork.ts';

const random = new RandomStream(1, 'speech');
const rows = Float32Array.from({ length: 50 * STEP_SIZE }, () => -3 * random.next());
const labels = Int8Array.from({ length: 50 }, (_, t) => (t % 7 === 0 ? -1 : t % 2));
const weights = initialWeights(random).map((weight) => weight + 0.01 * random.normal());

describe('the network that is trained', () => {
  it('is the one that is run (oracle: SpeechNetwork)', () => {
    const { logits } = new TrainableNetwork(weights).run(rows, 50);
    const network = new SpeechNetwork(weights);
    const answers: number[] = [];
    for (let t = 0; t < 50; t++) {
      const answer = network.push(rows.subarray(t * STEP_SIZE, (t + 1) * STEP_SIZE));
      if (answer !== undefined) answers.push(answer);
    }
    answers.push(...network.flush());
    for (const [t, answer] of answers.entries()) expect(answer).toBeCloseTo(1 / (1 + Math.exp(-logits[t]!)), 5);
  });

  it('has the gradient of its loss (oracle: differences)', () => {
    const own = weights.slice();
    const network = new TrainableNetwork(own);
    network.run(rows, 50, labels);
    const gradient = network.gradient.slice();
    const lossAt = (i: number, value: number) => {
      const before = own[i]!;
      own[i] = value;
      const { loss } = network.run(rows, 50, labels);
      own[i] = before;
      return loss;
    };
    const errors = Array.from({ length: 60 }, () => {
      const i = random.integer(WEIGHTS);
      const difference = (lossAt(i, own[i]! + 1e-3) - lossAt(i, own[i]! - 1e-3)) / 2e-3;
      return Math.abs(difference - gradient[i]!) / (Math.abs(gradient[i]!) + 0.5);
    }).sort((a, b) => a - b);
    expect(errors[50]).toBeLessThan(0.02); // where a rectifier turns between, a difference is none
  });
});

describe('scenes', () => {
  const excerpt = (hertz: number) => ({
    ...{ name: String(hertz), speaker: 'a' },
    samples: Int16Array.from({ length: 48_000 }, (_, i) => (i < 16_000 ? 0 : 9000 * Math.sin(0.001 * hertz * i))),
  });
  const sounds: Sounds = { speech: [[excerpt(100)]], music: [[excerpt(300)]], effects: [[excerpt(900)]] };

  it.each([0, 0.85, 0.95])('are drawn from their seed, and labelled, at %d', (part) => {
    const seen = new Set<number>();
    for (let i = 0; i < 12; i++) {
      const { samples, labels } = makeScene(sounds, new RandomStream(1, i), part);
      expect(makeScene(sounds, new RandomStream(1, i), part).samples).toEqual(samples);
      expect(samples.every((sample) => sample >= -1 && sample <= 1)).toBe(true);
      expect(labels).toHaveLength(STEPS);
      for (const label of labels) seen.add(label);
    }
    expect(seen.has(1)).toBe(part !== 0.85);
    expect(seen.has(0)).toBe(true);
  });

  it('have nothing of the packages that are tested on', () => {
    expect(new Set(SOUND_PACKAGES.map(({ name }) => name)).size).toBe(SOUND_PACKAGES.length);
    for (const part of ['train', 'choose', 'test']) expect(SOUND_PACKAGES.some((one) => one.part === part)).toBe(true);
  });
});

it.each(Object.entries(SYNTHETIC))('%s is sound, and numbers', (_, make) => {
  const samples = make(new RandomStream(2, 'sound'), 16_000);
  expect(samples).toHaveLength(16_000);
  expect(samples.every(Number.isFinite)).toBe(true);
  expect(activeLevel(samples)).toBeGreaterThan(1e-3);
});

describe('what is done to sound', () => {
  const noise = Float32Array.from({ length: 16_384 }, () => 0.1 * random.normal());
  const powerOf = (samples: Float32Array, fromHz: number, toHz: number) => {
    const power = new Float64Array(8193);
    new RealFft(16_384).transformToPower(Float64Array.from(samples), power);
    const bin = (hz: number) => Math.round((hz * 16_384) / 16_000);
    return power.slice(bin(fromHz), bin(toHz)).reduce((a, b) => a + b, 0) / (bin(toHz) - bin(fromHz));
  };

  it('a telephone passes its band alone (oracle: the spectrum)', () => {
    const sent = telephoned(noise);
    const within = powerOf(sent, 500, 3200);
    expect(within / powerOf(noise, 500, 3200)).toBeCloseTo(1, 0);
    expect(powerOf(sent, 4300, 7900) / within).toBeLessThan(1e-3);
    expect(powerOf(sent, 1, 100) / within).toBeLessThan(1e-2);
  });

  it('a room adds to the sound; speed changes its length; a whisper has no period but the same rough level', () => {
    expect(activeLevel(inRoom(noise, random))).toBeGreaterThan(activeLevel(noise));
    expect(atSpeed(noise, 2)).toHaveLength(8191);
    const tone = Float32Array.from({ length: 16_384 }, (_, i) => 0.3 * Math.sign(Math.sin(0.05 * i)));
    const whisper = whispered(tone, random);
    const lag = Math.round((2 * Math.PI) / 0.05);
    const alike = (samples: Float32Array) => {
      let [sum, own] = [0, 0];
      for (let i = 4000; i < 12_000; i++) {
        sum += samples[i]! * samples[i - lag]!;
        own += samples[i]! ** 2;
      }
      return sum / own;
    };
    expect(alike(tone)).toBeGreaterThan(0.9);
    expect(Math.abs(alike(whisper))).toBeLessThan(0.3);
  });
});

it('chooseThreshold errs least in both ways together (oracle: by hand)', () => {
  const { threshold, missed, taken } = chooseThreshold({ speech: [0.2, 0.8, 0.9, 0.95], others: [0.1, 0.3, 0.5, 0.1] });
  expect(threshold).toBeGreaterThan(0.5);
  expect(threshold).toBeLessThanOrEqual(0.8);
  expect([missed, taken]).toEqual([0.25, 0]);
});
