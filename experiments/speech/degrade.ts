// samples at 16 kHz → the same as rooms, microphones and telephones leave them, or whispered

import type { RandomStream } from 'speech-emotion/layers';
import { SAMPLE_RATE } from '../../src/speech/speechFeatures.ts';

/** Root of the mean square of those samples that are not far below the loudest: of speech, without its pauses. */
export function activeLevel(samples: Float32Array): number {
  const frame = 320;
  const powers: number[] = [];
  for (let at = 0; at < samples.length; at += frame) {
    let sum = 0;
    const end = Math.min(samples.length, at + frame);
    for (let i = at; i < end; i++) sum += samples[i]! ** 2;
    powers.push(sum / frame);
  }
  const most = powers.reduce((a, b) => Math.max(a, b), 0);
  const active = powers.filter((power) => power > most * 10 ** -2.5);
  return Math.sqrt(active.reduce((a, b) => a + b, 0) / Math.max(1, active.length));
}

/** A biquad filter. */
function biquad(
  samples: Float32Array,
  [b0, b1, b2, a1, a2]: readonly [number, number, number, number, number],
): Float32Array {
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  return samples.map((x) => {
    const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    return y;
  });
}

/** A bell in the response, by the formulas of R. Bristow-Johnson's Audio EQ Cookbook. */
function bell(samples: Float32Array, hz: number, decibels: number, q: number): Float32Array {
  const a = 10 ** (decibels / 40);
  const angle = (2 * Math.PI * hz) / SAMPLE_RATE;
  const alpha = Math.sin(angle) / (2 * q);
  const norm = 1 + alpha / a;
  const cos = -2 * Math.cos(angle);
  return biquad(samples, [
    (1 + alpha * a) / norm,
    cos / norm,
    (1 - alpha * a) / norm,
    cos / norm,
    (1 - alpha / a) / norm,
  ]);
}

/** Two filters of first order and a bell: microphones, distance, loudspeakers. */
export function equalised(samples: Float32Array, random: RandomStream): Float32Array {
  let changed = samples;
  for (let i = 1 + random.integer(3); i > 0; i--) {
    changed = bell(changed, 80 * 80 ** random.next(), random.uniform(-12, 12), random.uniform(0.4, 2));
  }
  return changed;
}

/** Through the windowed ideal low-pass filter, or the difference of two. */
function bandPassed(samples: Float32Array, lowHz: number, highHz: number): Float32Array {
  const reach = 100;
  const ideal = (hz: number, n: number) =>
    n === 0 ? (2 * hz) / SAMPLE_RATE : Math.sin((2 * Math.PI * hz * n) / SAMPLE_RATE) / (Math.PI * n);
  const taps = Float64Array.from({ length: 2 * reach + 1 }, (_, k) => {
    const n = k - reach;
    const window = 0.54 + 0.46 * Math.cos((Math.PI * n) / (reach + 1));
    return window * (ideal(highHz, n) - (lowHz > 0 ? ideal(lowHz, n) : 0));
  });
  const padded = new Float32Array(samples.length + 2 * reach);
  padded.set(samples, reach);
  return samples.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < taps.length; k++) sum += taps[k]! * padded[i + k]!;
    return sum;
  });
}

/** Through the band of a telephone and the 8 bits of G.711's µ-law at 8 kHz, brought back to 16 kHz. */
export function telephoned(samples: Float32Array, lowHz = 300, highHz = 3400): Float32Array {
  const band = bandPassed(samples, lowHz, highHz);
  const sent = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i += 2) sent[i] = 2 * muLaw(band[i]!);
  return bandPassed(sent, 0, 3900);
}

/** Rounded to the 255 levels of µ-law. */
function muLaw(x: number): number {
  const y = (Math.sign(x) * Math.log1p(255 * Math.min(1, Math.abs(x)))) / Math.log(256);
  const rounded = Math.round(127 * y) / 127;
  return (Math.sign(rounded) * (256 ** Math.abs(rounded) - 1)) / 255;
}

/** In a room: the direct sound, and echoes that become denser and fade, 60 dB in `seconds`. */
export function inRoom(samples: Float32Array, random: RandomStream, seconds = random.uniform(0.15, 0.9)): Float32Array {
  const changed = samples.slice();
  const echoes = 120;
  const level = random.uniform(0.15, 0.9);
  for (let k = 0; k < echoes; k++) {
    const delay = 0.002 + seconds * random.next() ** 1.5;
    const gain = (level * random.normal() * 10 ** ((-3 * delay) / seconds)) / Math.sqrt(10);
    const offset = Math.round(delay * SAMPLE_RATE);
    for (let i = offset; i < changed.length; i++) changed[i]! += gain * samples[i - offset]!;
  }
  return changed;
}

/** Faster and higher, or slower and lower, by linear interpolation. */
export function atSpeed(samples: Float32Array, factor: number): Float32Array {
  return Float32Array.from({ length: Math.floor((samples.length - 1) / factor) }, (_, i) => {
    const at = i * factor;
    const k = Math.floor(at);
    return samples[k]! + (at - k) * (samples[k + 1]! - samples[k]!);
  });
}

const ORDER = 18;
const FRAME = 480;

/**
 * Whispered: linear prediction takes the vocal tract out of each frame, and noise goes through it in place of the voice. The low
 * formants of a whisper are weaker: 6 dB an octave below 1 kHz.
 *
 * @see Morris & Clements 2002, "Reconstruction of speech from whispers", for the differences
 */
export function whispered(samples: Float32Array, random: RandomStream): Float32Array {
  const out = new Float32Array(samples.length + FRAME);
  const window = Float64Array.from(
    { length: FRAME },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / FRAME),
  );
  for (let at = 0; at + FRAME <= samples.length; at += FRAME / 2) {
    const { coefficients, gain } = linearPrediction(samples, at, window);
    const frame = new Float64Array(FRAME + ORDER);
    for (let i = 0; i < FRAME; i++) {
      let y = gain * random.normal();
      for (let k = 1; k <= ORDER; k++) y -= coefficients[k]! * frame[ORDER + i - k]!;
      frame[ORDER + i] = y;
      out[at + i]! += window[i]! * y;
    }
  }
  let [x1, y1] = [0, 0];
  const pole = Math.exp((-2 * Math.PI * 1000) / SAMPLE_RATE);
  return out.subarray(0, samples.length).map((x) => {
    y1 = pole * y1 + x - x1;
    x1 = x;
    return y1;
  });
}

/** By autocorrelation, Levinson's and Durbin's recursion. */
function linearPrediction(samples: Float32Array, at: number, window: Float64Array) {
  const windowed = window.map((w, i) => w * samples[at + i]!);
  const correlation = Float64Array.from({ length: ORDER + 1 }, (_, lag) => {
    let sum = 0;
    for (let i = lag; i < FRAME; i++) sum += windowed[i]! * windowed[i - lag]!;
    return sum;
  });
  correlation[0] = correlation[0]! * 1.0001 + 1e-9;
  const coefficients = new Float64Array(ORDER + 1);
  coefficients[0] = 1;
  let error = correlation[0]!;
  for (let i = 1; i <= ORDER; i++) {
    let sum = correlation[i]!;
    for (let k = 1; k < i; k++) sum += coefficients[k]! * correlation[i - k]!;
    const reflection = -sum / error;
    const before = coefficients.slice();
    for (let k = 1; k < i; k++) coefficients[k]! += reflection * before[i - k]!;
    coefficients[i] = reflection;
    error *= 1 - reflection * reflection;
  }
  return { coefficients, gain: Math.sqrt(Math.max(0, error) / FRAME) };
}
