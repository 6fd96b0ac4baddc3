// speech, music and other sounds → scenes of five seconds, and in which of their steps somebody speaks

import type { RandomStream } from 'speech-emotion/layers';
import { SAMPLE_RATE, SpeechFeatures, STEP, STEP_SIZE } from '../../src/speech/speechFeatures.ts';
import { activeLevel, atSpeed, equalised, inRoom, telephoned, whispered } from './degrade.ts';
import type { Excerpt } from './excerpts.ts';
import { SYNTHETIC } from './syntheticSounds.ts';

/** What scenes are made of: speech by corpus, music and effects by package. */
export interface Sounds {
  readonly speech: readonly (readonly Excerpt[])[];
  readonly music: readonly (readonly Excerpt[])[];
  readonly effects: readonly (readonly Excerpt[])[];
}

/** What somebody says, somewhere, or no speech. */
export interface Scene {
  readonly samples: Float32Array;
  /** Of each step: 1 speech, 0 none, −1 where it is neither. */
  readonly labels: Int8Array;
}

const SECONDS = 5;
const LENGTH = SECONDS * SAMPLE_RATE;
export const STEPS = Math.ceil(LENGTH / STEP);

const among = <T>(random: RandomStream, list: readonly T[]): T => list[random.integer(list.length)]!;

/** A piece, from its beginning or from somewhere within, as so many samples. */
function piece(random: RandomStream, groups: readonly (readonly Excerpt[])[], length: number): Float32Array {
  const { samples } = among(random, among(random, groups));
  const from = Math.max(0, random.integer(Math.max(1, samples.length - length)));
  const out = new Float32Array(length);
  for (let i = 0; i < Math.min(length, samples.length - from); i++) out[i] = samples[from + i]! / 32768;
  return out;
}

function synthetic(
  random: RandomStream,
  length: number,
  kinds: readonly string[] = Object.keys(SYNTHETIC),
): Float32Array {
  return SYNTHETIC[among(random, kinds)]!(random, length);
}

/** The share of clips of which there is but a word. */
const WORDS = 0.35;

const NOISES = ['whiteNoise', 'pinkNoise', 'brownNoise', 'pinkNoise', 'bandNoise', 'gustyNoise', 'hum'];

/** The share of scenes that are easy to learn: they come first. */
export const EASY = 0.8;

/**
 * A scene with speech, or without.
 *
 * @param part where in all scenes it stands, in [0, 1): behind {@link EASY} are synthetic sounds alone, and speech in noise
 */
export function makeScene(sounds: Sounds, random: RandomStream, part: number): Scene {
  if (part >= (1 + EASY) / 2) return speechScene(sounds, random, { noise: true });
  if (part >= EASY) return otherScene(sounds, random, { synthetic: true });
  return random.next() < 0.45 ? speechScene(sounds, random) : otherScene(sounds, random);
}

function speechScene(sounds: Sounds, random: RandomStream, { noise = false } = {}): Scene {
  const speech = new Float32Array(LENGTH);
  const labels = new Int8Array(STEPS);
  const whisper = random.next() < 0.12;
  let at = Math.round((random.uniform(-2, 3) * SAMPLE_RATE) / 1);
  for (let clips = 1 + random.integer(3); clips > 0 && at < LENGTH; clips--) {
    const { samples } = among(random, among(random, sounds.speech));
    let clip = Float32Array.from(samples, (x) => x / 32768);
    if (random.next() < WORDS) clip = wordOf(clip, random) as typeof clip;
    if (random.next() < 0.5) clip = atSpeed(clip, random.uniform(0.82, 1.25)) as typeof clip;
    const clean = clip;
    if (whisper) clip = whispered(clip, random) as typeof clip;
    const gain = (0.1 / (activeLevel(clip) || 1)) * 10 ** (random.uniform(-4, 4) / 20);
    const from = Math.max(0, -at);
    for (let i = from; i < clip.length && at + i < LENGTH; i++) speech[at + i]! += gain * clip[i]!;
    label(labels, clean, at);
    at += clip.length + Math.round(random.uniform(0, 1.5) * SAMPLE_RATE);
  }
  let mixed = random.next() < 0.35 ? inRoom(speech, random) : speech;
  const kind = noise ? 0 : random.next();
  if (kind < 0.85) {
    const background =
      kind < 0.5
        ? synthetic(random, LENGTH, NOISES)
        : kind < 0.62
          ? synthetic(random, LENGTH)
          : piece(random, random.next() < 0.6 ? sounds.music : sounds.effects, LENGTH);
    const snr = noise ? random.uniform(4, 20) : kind < 0.5 ? random.uniform(2, 50) : random.uniform(5, 40);
    const factor = (0.1 / (activeLevel(background) || 1)) * 10 ** (-snr / 20);
    mixed = mixed.map((x, i) => x + factor * background[i]!);
    // What drowns in it is neither.
    if (snr < 12)
      for (let step = 0; step < STEPS; step++) if (labels[step] === 1 && !isLoud(speech, step, snr)) labels[step] = -1;
  }
  return { samples: transmitted(mixed, random), labels };
}

/** A word or so of a clip: the loudest of some places, with short fades. */
function wordOf(clip: Float32Array, random: RandomStream): Float32Array {
  const length = Math.min(clip.length, Math.round(random.uniform(0.2, 0.7) * SAMPLE_RATE));
  const fade = Math.min(length / 2, 0.005 * SAMPLE_RATE);
  let [best, most] = [clip.subarray(0, length), -1];
  for (let tries = 0; tries < 4; tries++) {
    const from = random.integer(clip.length - length + 1);
    const part = clip.subarray(from, from + length);
    const power = part.reduce((sum, x) => sum + x * x, 0);
    if (power > most) [best, most] = [part, power];
  }
  return best.map((x, i) => x * Math.min(1, (i + 1) / fade, (length - i) / fade));
}

/** Whether the speech in a step is not far below the noise. */
function isLoud(speech: Float32Array, step: number, snr: number): boolean {
  let sum = 0;
  for (let i = step * STEP; i < Math.min(LENGTH, (step + 1) * STEP); i++) sum += speech[i]! ** 2;
  return 10 * Math.log10(sum / STEP + 1e-12) > -20 - snr - 2;
}

/** Labels the steps of a clean clip by their level: speech, none, or neither where it is on the edge. */
function label(labels: Int8Array, clip: Float32Array, at: number): void {
  const first = Math.floor(at / STEP);
  const steps = Math.ceil(clip.length / STEP) + 1;
  const levels = Float64Array.from({ length: steps }, (_, step) => {
    let sum = 1e-12;
    for (let i = 0; i < STEP; i++) sum += (clip[(first + step) * STEP - at + i] ?? 0) ** 2;
    return 10 * Math.log10(sum / STEP);
  });
  const loud = [...levels].sort((a, b) => b - a)[Math.floor(0.1 * steps)]!;
  const isSpeech = [...levels].map((level) => level > loud - 28);
  for (let step = 0; step < steps; step++) {
    const place = first + step;
    if (place < 0 || place >= STEPS) continue;
    const near = (reach: number) => isSpeech.slice(Math.max(0, step - reach), step + reach + 1).some(Boolean);
    labels[place] = isSpeech[step] ? 1 : near(6) ? -1 : labels[place] === 1 ? 1 : 0;
  }
}

function otherScene(sounds: Sounds, random: RandomStream, { synthetic: alone = false } = {}): Scene {
  const kind = alone ? 0.7 : random.next();
  let samples: Float32Array;
  if (kind < 0.45) {
    samples = piece(random, sounds.music, LENGTH);
    if (random.next() < 0.3) samples = stretched(samples, random);
  } else if (kind < 0.6) {
    samples = new Float32Array(LENGTH);
    for (let some = 1 + random.integer(4); some > 0; some--) {
      const at = random.integer(LENGTH);
      const effect = piece(random, sounds.effects, Math.min(LENGTH, 8 * SAMPLE_RATE));
      for (let i = 0; at + i < LENGTH; i++) samples[at + i]! += effect[i]!;
    }
  } else if (kind < 0.85) samples = synthetic(random, LENGTH);
  else samples = synthetic(random, LENGTH, NOISES);
  if (random.next() < 0.35) samples = inRoom(samples, random);
  const level = activeLevel(samples);
  samples = samples.map((x) => (0.1 * x) / (level || 1));
  if (random.next() < 0.5) {
    const second = synthetic(random, LENGTH, random.next() < 0.7 ? NOISES : undefined);
    const factor = (0.1 / (activeLevel(second) || 1)) * 10 ** (-random.uniform(-5, 50) / 20);
    samples = samples.map((x, i) => x + factor * second[i]!);
  }
  if (random.next() < 0.25) {
    // Begins or ends within the scene.
    const [a, b] = [random.integer(LENGTH), random.integer(LENGTH)];
    samples = samples.map((x, i) => (i >= Math.min(a, b) && i < Math.max(a, b) ? x : 0));
  }
  return { samples: transmitted(samples, random), labels: new Int8Array(STEPS) };
}

function stretched(samples: Float32Array, random: RandomStream): Float32Array {
  const changed = atSpeed(samples, random.uniform(0.8, 1.25));
  const out = new Float32Array(LENGTH);
  out.set(changed.subarray(0, LENGTH));
  if (changed.length < LENGTH) out.set(changed.subarray(0, LENGTH - changed.length), changed.length);
  return out;
}

/** Microphone, line, level, clipping, 16 bits. */
function transmitted(samples: Float32Array, random: RandomStream): Float32Array {
  let sent = random.next() < 0.5 ? equalised(samples, random) : samples;
  const level = 10 ** (random.uniform(-45, 8) / 20);
  sent = sent.map((x) => level * x);
  if (random.next() < 0.2) sent = telephoned(sent, random.uniform(60, 350), random.uniform(3000, 3700));
  return sent.map((x) => Math.round(32767 * Math.max(-1, Math.min(1, x))) / 32767);
}

/** What the detector sees of a scene: [steps, {@link STEP_SIZE}]. */
export function featuresOf(samples: Float32Array): Float32Array {
  const features = new SpeechFeatures();
  const parts = [features.push(samples), features.flush()];
  const values = new Float32Array(parts.reduce((sum, { count }) => sum + count, 0) * STEP_SIZE);
  values.set(parts[0]!.values);
  values.set(parts[1]!.values, parts[0]!.values.length);
  return values;
}
