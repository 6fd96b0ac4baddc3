// random numbers → sounds that are no speech: noise, hum, tones, sweeps, beeps, chords, plucked strings, …

import type { RandomStream } from 'speech-emotion/layers';
import { makeBrownNoise, makePinkNoise } from '../../src/evaluation/audit/colouredSound.ts';
import { SAMPLE_RATE } from '../../src/speech/speechFeatures.ts';

const TAU = 2 * Math.PI;

/** Makes `length` samples at 16 kHz, of any level. */
export type SoundMaker = (random: RandomStream, length: number) => Float32Array;

/** Kinds of sound, all of which neither speak nor are recordings. */
export const SYNTHETIC: Readonly<Record<string, SoundMaker>> = {
  whiteNoise: (random, length) => Float32Array.from({ length }, () => random.normal()),
  pinkNoise: makePinkNoise,
  brownNoise: makeBrownNoise,
  gustyNoise,
  hum,
  tone: (random, length) => sine(length, () => hz(random, 60, 6000)()),
  vibrato,
  sweep,
  beeps,
  dialTones,
  chords,
  plucked,
  fmInstruments,
  clicks,
  bandNoise,
};

function hz(random: RandomStream, low: number, high: number): () => number {
  const value = low * (high / low) ** random.next();
  return () => value;
}

/** A tone whose frequency in hertz is given at each sample. */
function sine(length: number, frequency: (at: number) => number): Float32Array {
  const samples = new Float32Array(length);
  let phase = 0;
  const constant = frequency(0);
  for (let i = 0; i < length; i++) {
    samples[i] = Math.sin(phase);
    phase += (TAU * (frequency.length === 0 ? constant : frequency(i))) / SAMPLE_RATE;
  }
  return samples;
}

/** Noise that swells and ebbs, as wind, waves and traffic do. */
function gustyNoise(random: RandomStream, length: number): Float32Array {
  const noise = [makePinkNoise, makeBrownNoise, bandNoise][random.integer(3)]!(random, length);
  const rate = random.uniform(0.1, 3);
  const depth = random.uniform(3, 15);
  const phases = [random.next(), random.next(), random.next()];
  return noise.map((x, i) => {
    const t = (i / SAMPLE_RATE) * rate;
    const swell = phases.reduce((sum, phase, k) => sum + Math.sin(TAU * (phase + t * (1 + 0.7 * k))), 0) / 3;
    return x * 10 ** ((depth * swell) / 20);
  });
}

/** White noise through a resonance. */
function bandNoise(random: RandomStream, length: number): Float32Array {
  const centre = hz(random, 100, 6000)();
  const radius = 1 - 0.2 * random.next() ** 2;
  const [a, b] = [2 * radius * Math.cos((TAU * centre) / SAMPLE_RATE), -radius * radius];
  let [y1, y2] = [0, 0];
  return Float32Array.from({ length }, () => {
    const y = random.normal() + a * y1 + b * y2;
    [y1, y2] = [y, y1];
    return y;
  });
}

/** Mains hum and motors: harmonics of a low tone that hardly moves. */
function hum(random: RandomStream, length: number): Float32Array {
  const base = random.next() < 0.6 ? [50, 60, 100, 120][random.integer(4)]! : random.uniform(30, 200);
  const harmonics = 1 + random.integer(25);
  const fall = random.uniform(0.3, 2);
  const wobble = random.next() < 0.3 ? random.uniform(0, 0.02) : 0;
  const parts = Array.from({ length: harmonics }, (_, k) => ({
    level: random.next() / (k + 1) ** fall,
    phase: TAU * random.next(),
  }));
  const samples = new Float32Array(length);
  let phase = 0;
  for (let i = 0; i < length; i++) {
    for (const [k, part] of parts.entries()) samples[i]! += part.level * Math.sin((k + 1) * phase + part.phase);
    phase += (TAU * base * (1 + wobble * Math.sin((TAU * 0.8 * i) / SAMPLE_RATE))) / SAMPLE_RATE;
  }
  return samples;
}

/** One held note with vibrato and harmonics, as an instrument or a siren has it. */
function vibrato(random: RandomStream, length: number): Float32Array {
  const base = hz(random, 80, 1500)();
  const rate = random.uniform(0.2, 8);
  const depth = random.uniform(0, 0.08);
  const tremolo = random.uniform(0, 0.5);
  const harmonics = Array.from({ length: 1 + random.integer(12) }, (_, k) => random.next() / (k + 1));
  const samples = new Float32Array(length);
  let phase = 0;
  for (let i = 0; i < length; i++) {
    const turn = Math.sin((TAU * rate * i) / SAMPLE_RATE);
    for (const [k, level] of harmonics.entries()) {
      if (base * (k + 1) < SAMPLE_RATE / 2) samples[i]! += level * Math.sin((k + 1) * phase);
    }
    samples[i]! *= 1 - tremolo * (0.5 + 0.5 * turn);
    phase += (TAU * base * (1 + depth * turn)) / SAMPLE_RATE;
  }
  return samples;
}

function sweep(random: RandomStream, length: number): Float32Array {
  const [from, to] = [hz(random, 40, 7500)(), hz(random, 40, 7500)()];
  const seconds = random.uniform(0.2, 5);
  return sine(length, (i) => from * (to / from) ** ((i / SAMPLE_RATE / seconds) % 1));
}

/** Tones, plain, square or of several partials, on and off. */
function beeps(random: RandomStream, length: number): Float32Array {
  const samples = new Float32Array(length);
  const [on, off] = [random.uniform(0.03, 0.8), random.uniform(0.03, 1)];
  const kinds = 1 + random.integer(3);
  const pitches = Array.from({ length: kinds }, hz.bind(undefined, random, 200, 4500)).map((pitch) => pitch());
  const square = random.next() < 0.4;
  const edge = Math.round(random.uniform(0.001, 0.02) * SAMPLE_RATE);
  const period = Math.round((on + off) * SAMPLE_RATE);
  const sounding = Math.round(on * SAMPLE_RATE);
  for (let i = 0; i < length; i++) {
    const at = i % period;
    if (at >= sounding) continue;
    const pitch = pitches[Math.floor(i / period) % kinds]!;
    const wave = Math.sin((TAU * pitch * i) / SAMPLE_RATE);
    samples[i] = (square ? 0.6 * Math.sign(wave) : wave) * Math.min(1, at / edge, (sounding - at) / edge);
  }
  return samples;
}

/** Dual tones of keypads, and dial, ringing and busy tones. */
function dialTones(random: RandomStream, length: number): Float32Array {
  const keys = random.next() < 0.6;
  const [on, off] = keys
    ? [random.uniform(0.05, 0.3), random.uniform(0.03, 0.3)]
    : [random.uniform(0.2, 2), random.uniform(0.2, 3)];
  const still = random.next() < 0.15;
  const samples = new Float32Array(length);
  const period = Math.round((on + off) * SAMPLE_RATE);
  let [low, high] = [425, 440];
  for (let i = 0; i < length; i++) {
    if (i % period === 0) {
      [low, high] = keys
        ? [[697, 770, 852, 941][random.integer(4)]!, [1209, 1336, 1477, 1633][random.integer(4)]!]
        : ([
            [425, 425],
            [350, 440],
            [440, 480],
            [480, 620],
          ][random.integer(4)] as [number, number]);
    }
    if (still || i % period < on * SAMPLE_RATE) {
      samples[i] = Math.sin((TAU * low * i) / SAMPLE_RATE) + Math.sin((TAU * high * i) / SAMPLE_RATE);
    }
  }
  return samples;
}

const semitone = (n: number) => 2 ** (n / 12);
const SCALE_STEPS = [0, 2, 4, 5, 7, 9, 11, 12];

/** Held chords of organ-like tones. */
function chords(random: RandomStream, length: number): Float32Array {
  const samples = new Float32Array(length);
  const root = hz(random, 80, 400)();
  const seconds = random.uniform(0.3, 2.5);
  const harmonics = 1 + random.integer(6);
  for (let at = 0; at < length; at += Math.round(seconds * SAMPLE_RATE)) {
    const end = Math.min(length, at + Math.round(seconds * SAMPLE_RATE));
    const first = random.integer(8);
    for (const step of [0, 2, 4].slice(0, 1 + random.integer(3))) {
      const pitch = root * semitone(SCALE_STEPS[(first + step) % 8]!);
      for (let k = 1; k <= harmonics && k * pitch < SAMPLE_RATE / 2; k++) {
        for (let i = at; i < end; i++) {
          const edge = Math.min(1, (i - at) / 300, (end - i) / 300);
          samples[i]! += (edge / k ** 1.5) * Math.sin((TAU * k * pitch * i) / SAMPLE_RATE);
        }
      }
    }
  }
  return samples;
}

/** Notes of plucked strings, by Karplus and Strong. */
function plucked(random: RandomStream, length: number): Float32Array {
  const samples = new Float32Array(length);
  const root = hz(random, 70, 500)();
  const beat = random.uniform(0.1, 0.7);
  const damping = random.uniform(0.9, 0.999);
  for (let start = 0; start < length; start += Math.round(beat * SAMPLE_RATE)) {
    if (random.next() < 0.15) continue;
    const pitch = root * semitone(SCALE_STEPS[random.integer(8)]! + 12 * random.integer(2));
    const string = Float32Array.from({ length: Math.max(2, Math.round(SAMPLE_RATE / pitch)) }, () =>
      random.uniform(-1, 1),
    );
    const level = random.uniform(0.3, 1);
    const end = Math.min(length, start + 2 * SAMPLE_RATE);
    for (let i = start, k = 0; i < end; i++, k = (k + 1) % string.length) {
      samples[i]! += level * string[k]!;
      string[k] = damping * 0.5 * (string[k]! + string[(k + 1) % string.length]!);
    }
  }
  return samples;
}

/** Notes of frequency modulation: bells, brass, electric pianos. */
function fmInstruments(random: RandomStream, length: number): Float32Array {
  const samples = new Float32Array(length);
  const root = hz(random, 80, 600)();
  const beat = random.uniform(0.12, 1);
  const ratio = random.next() < 0.5 ? 1 + random.integer(5) : random.uniform(0.5, 5);
  const depth = random.uniform(0.2, 6);
  const decay = random.uniform(0.1, 2);
  const attack = random.uniform(0.002, 0.1);
  const held = random.next() < 0.4;
  for (let start = 0; start < length; start += Math.round(beat * SAMPLE_RATE)) {
    if (random.next() < 0.1) continue;
    const pitch = root * semitone(SCALE_STEPS[random.integer(8)]! + 12 * (random.integer(3) - 1));
    const end = Math.min(length, start + Math.round((held ? beat : 2) * SAMPLE_RATE));
    for (let i = start; i < end; i++) {
      const t = (i - start) / SAMPLE_RATE;
      const level = Math.min(1, t / attack) * (held ? Math.min(1, (end - i) / 400) : Math.exp(-t / decay));
      samples[i]! += level * Math.sin(TAU * pitch * t + depth * level * Math.sin(TAU * ratio * pitch * t));
    }
  }
  return samples;
}

/** Clicks, knocks and crackle: short bursts of a resonance at random times. */
function clicks(random: RandomStream, length: number): Float32Array {
  const samples = new Float32Array(length);
  const rate = hz(random, 0.5, 40)();
  const regular = random.next() < 0.3;
  let at = 0;
  while (at < length) {
    at += Math.round((SAMPLE_RATE / rate) * (regular ? 1 : -Math.log(1 - random.next())));
    const pitch = hz(random, 100, 6000)();
    const decay = hz(random, 0.0005, 0.06)();
    const level = random.uniform(0.1, 1);
    for (let i = 0; i < 6 * decay * SAMPLE_RATE && at + i < length; i++) {
      const t = i / SAMPLE_RATE;
      samples[at + i]! += level * Math.exp(-t / decay) * (Math.sin(TAU * pitch * t) + 0.3 * random.uniform(-1, 1));
    }
    at++;
  }
  return samples;
}
