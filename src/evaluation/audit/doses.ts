// name of a change of sound → its doses
//
// What each imitates: telephone, clipped and lowRate are the copies that training may draw (`copyWaveform`), the others are below.

import type { Waveform } from '../../audio/waveform.ts';
import type { RandomStream } from '../../core/random.ts';
import type { ResolvedCopy } from '../../exampleSet/copies.ts';
import { copyWaveform } from '../../exampleSet/copyWaveform.ts';
import { makePinkNoise } from './colouredSound.ts';
import { convolve } from './convolve.ts';
import type { AuditChange, AuditDose, DosedClip } from './dose.ts';

/** The doses of each change, the gentlest first. */
export const DOSES: { readonly [Name in AuditChange]: readonly Omit<AuditDose, 'name'>[] } = {
  telephone: [
    copy('µ-law', { type: 'telephone', codec: 'muLaw' }),
    copy('A-law', { type: 'telephone', codec: 'aLaw' }),
    copy('GSM', { type: 'telephone', codec: 'gsm' }),
  ],
  room: [0.3, 0.6, 1].map((seconds) => ({
    dose: `${seconds} s`,
    apply: (waveform, { random }) => inRoom(waveform, seconds, random),
  })),
  babble: decibels([20, 10, 5, 0], (waveform, clip, snr) => {
    const voices = clip.voices.slice(0, VOICES);
    return withNoise(waveform, babbleOf(voices, waveform.samples.length, clip.random), snr, clip);
  }),
  whiteNoise: decibels([20, 10, 0], (waveform, clip, snr) => {
    const noise = Float32Array.from(waveform.samples, () => clip.random.normal());
    return withNoise(waveform, noise, snr, clip);
  }),
  pinkNoise: decibels([20, 10, 0], (waveform, clip, snr) =>
    withNoise(waveform, makePinkNoise(clip.random, waveform.samples.length), snr, clip),
  ),
  gain: decibels([-12, -24, 12, 24], ({ samples, sampleRate }, _clip, gain) => {
    const factor = 10 ** (gain / 20);
    return { samples: samples.map((sample) => Math.max(-1, Math.min(1, factor * sample))), sampleRate };
  }),
  clipped: [6, 12, 18].map((excessDb) => copy(`${excessDb} dB`, { type: 'clipped', excessDb })),
  crop: [3, 2, 1].map((seconds) => ({
    dose: `${seconds} s`,
    apply: ({ samples, sampleRate }, { speech: { from, to } }) => {
      const length = Math.min(to - from, Math.max(1, Math.round(seconds * sampleRate)));
      const start = from + Math.floor((to - from - length) / 2);
      return { samples: samples.slice(start, start + length), sampleRate };
    },
  })),
  shift: [
    {
      dose: '1 frame',
      apply: ({ samples, sampleRate }, { frameSeconds }) => {
        const hop = Math.round(frameSeconds * sampleRate);
        return { samples: samples.slice(Math.min(hop, samples.length - 1)), sampleRate };
      },
    },
  ],
  lowRate: [11_025, 8000].map((sampleRate) => copy(`${sampleRate} Hz`, { type: 'lowRate', sampleRate })),
};

/** How many speak at once in babble. */
const VOICES = 4;

function copy(dose: string, how: ResolvedCopy): Omit<AuditDose, 'name'> {
  return {
    dose,
    apply: async (waveform) => ({
      samples: await copyWaveform(waveform, how),
      sampleRate: waveform.sampleRate,
    }),
  };
}

function decibels(
  all: readonly number[],
  change: (waveform: Waveform, clip: DosedClip, decibels: number) => Waveform,
): Omit<AuditDose, 'name'>[] {
  return all.map((one) => ({
    dose: `${one > 0 && all.some((other) => other < 0) ? '+' : ''}${one} dB`.replace('-', '−'),
    apply: (waveform, clip) => change(waveform, clip, one),
  }));
}

/**
 * Adds a noise throughout. The ratio is that of the mean power between the silences at the clip's ends to that of the noise: with the
 * silences, short sentences would get less of it.
 */
function withNoise({ samples, sampleRate }: Waveform, noise: Float32Array, snr: number, clip: DosedClip): Waveform {
  const { from, to } = clip.speech;
  const power = meanPower(noise);
  const factor = power > 0 ? Math.sqrt(meanPower(samples.subarray(from, to)) / 10 ** (snr / 10) / power) : 0;
  return { samples: samples.map((sample, i) => sample + factor * noise[i]!), sampleRate };
}

function meanPower(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
}

/** Several voices of one power, over and over, each from a drawn place on. */
function babbleOf(voices: readonly Waveform[], length: number, random: RandomStream): Float32Array {
  const sum = new Float32Array(length);
  for (const { samples } of voices) {
    const power = meanPower(samples);
    if (power === 0) continue;
    const factor = 1 / Math.sqrt(power);
    const start = random.integer(samples.length);
    for (let i = 0; i < length; i++) sum[i]! += factor * samples[(start + i) % samples.length]!;
  }
  return sum;
}

/**
 * In a room: the direct sound and, of the same power, noise that decays by 60 dB in the reverberation time.
 *
 * @returns as many samples, of about the same power
 * @see Polack 1988, "La transmission de l'énergie sonore dans les salles"
 */
function inRoom({ samples, sampleRate }: Waveform, seconds: number, random: RandomStream): Waveform {
  const length = Math.max(2, Math.round(seconds * sampleRate));
  const decay = Math.log(1000) / length; // of amplitudes: 60 dB are a factor of 1000
  const response = Float64Array.from({ length }, (_, i) => (i === 0 ? 0 : random.normal() * Math.exp(-decay * i)));
  const power = response.reduce((sum, tap) => sum + tap * tap, 0);
  for (let i = 1; i < length; i++) response[i]! *= Math.SQRT1_2 / Math.sqrt(power);
  response[0] = Math.SQRT1_2;
  return { samples: convolve(samples, response), sampleRate };
}
