// seed → sounds that are no speech: silence, noise, hum, tones, beeps, chords

import type { Waveform } from '../../audio/waveform.ts';
import { RandomStream } from '../../core/random.ts';
import { makeBrownNoise, makePinkNoise } from './colouredSound.ts';

const SAMPLE_RATE = 16_000;
const LENGTH = 3 * SAMPLE_RATE;
const TAU = 2 * Math.PI;

type SoundMaker = (random: RandomStream) => Float32Array;

/** Kinds of sound of three seconds; their levels are set afterwards. */
const KINDS: Readonly<Record<string, SoundMaker>> = {
  whiteNoise: (random) => Float32Array.from({ length: LENGTH }, () => random.normal()),
  pinkNoise: (random) => makePinkNoise(random, LENGTH),
  brownNoise: (random) => makeBrownNoise(random, LENGTH),
  hum: (random) => {
    const mains = random.next() < 0.5 ? 50 : 60;
    const levels = Array.from({ length: 8 }, (_, k) => random.next() / (k + 1));
    return ofTime((t) => levels.reduce((sum, level, k) => sum + level * Math.sin(TAU * mains * (k + 1) * t), 0));
  },
  tone: (random) => {
    const hz = pitch(random);
    return ofTime((t) => Math.sin(TAU * hz * t));
  },
  sweep: (random) => {
    const [from, to] = [pitch(random), pitch(random)];
    return ofTime((t) => Math.sin(TAU * (from * t + ((to - from) * t * t) / 6)));
  },
  beeps: (random) => {
    const [hz, seconds] = [pitch(random), random.uniform(0.1, 0.5)];
    return ofTime((t) => (Math.floor(t / seconds) % 2 === 0 ? Math.sin(TAU * hz * t) : 0));
  },
  chord: (random) => {
    const root = random.uniform(110, 440);
    const steps = [0, random.next() < 0.5 ? 3 : 4, 7];
    const decay = random.uniform(0.3, 3);
    return ofTime(
      (t) =>
        steps.reduce((sum, step) => {
          const hz = root * 2 ** (step / 12);
          return sum + [1, 2, 3].reduce((own, k) => own + Math.sin(TAU * k * hz * t) / k, 0);
        }, 0) * Math.exp(-(t % 1) / decay),
    );
  },
};

/** Decibels below full scale, of the mean power. */
const LEVELS = [-60, -45, -30, -15];

/** Draws of each kind at each level. */
const DRAWS = 2;

/** The sounds, by kind: silence, and every kind at several levels. */
export function* nonSpeech(seed: number): Generator<{ readonly kind: string; readonly waveform: Waveform }> {
  yield { kind: 'silence', waveform: { samples: new Float32Array(LENGTH), sampleRate: SAMPLE_RATE } };
  for (const [kind, make] of Object.entries(KINDS)) {
    for (const level of LEVELS) {
      for (let draw = 0; draw < DRAWS; draw++) {
        const samples = make(new RandomStream(seed, 'non-speech', kind, level, draw));
        yield { kind, waveform: { samples: atLevel(samples, level), sampleRate: SAMPLE_RATE } };
      }
    }
  }
}

/** How many {@link nonSpeech} gives. */
export const NON_SPEECH_SOUNDS = 1 + Object.keys(KINDS).length * LEVELS.length * DRAWS;

function pitch(random: RandomStream): number {
  return 100 * 40 ** random.next(); // to 4 kHz
}

function ofTime(value: (seconds: number) => number): Float32Array {
  return Float32Array.from({ length: LENGTH }, (_, i) => value(i / SAMPLE_RATE));
}

/** What goes beyond full scale is cut off. */
function atLevel(samples: Float32Array, decibels: number): Float32Array {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const factor = 10 ** (decibels / 20) / Math.sqrt(power);
  return samples.map((sample) => Math.max(-1, Math.min(1, factor * sample)));
}
