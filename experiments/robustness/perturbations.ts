// a clip → the same clip perturbed, in each of the ways that a model's robustness is measured in

import type { Waveform } from 'speech-emotion';
import { trimSilence } from 'speech-emotion/features';
import { telephoneBand } from '../../src/audio/telephone.ts';
import { resolveTrimOptions, speechRange } from '../../src/audio/trim.ts';
import { RandomStream } from '../../src/core/random.ts';
import { DOSES } from '../../src/evaluation/audit/doses.ts';
import { throughMp3 } from './perturbations/mp3.ts';
import { withNoise } from './perturbations/noise.ts';
import { throughOpus } from './perturbations/opus.ts';

/** One way to perturb a clip. */
export interface Perturbation {
  /** Names its results. */
  readonly name: string;
  /** What is done, in words, with all of its numbers: a change of these words makes cached features stale. */
  readonly description: string;
  /**
   * Gives the perturbed clip: always the same samples for the same clip and name.
   *
   * @param waveform is not changed
   * @param clipName what random numbers follow from
   * @param voices some clips of others, at the same sampling rate
   */
  apply(waveform: Waveform, clipName: string, voices: Voices): Promise<Waveform>;
}

/** Gives some clips of other speakers, the same for the same clip. */
export type Voices = () => Promise<readonly Waveform[]>;

/** All of them, `clean` first. The sampling rate stays the same unless the description says otherwise. */
export const PERTURBATIONS: readonly Perturbation[] = [
  { name: 'clean', description: 'no change', apply: async (waveform) => waveform },
  noise(20),
  noise(10),
  noise(0),
  gain(12, 'louder, cut off at full scale as a recorder does'),
  gain(-12, 'quieter'),
  {
    name: 'telephone',
    description: 'sampled at 8 kHz and limited to the band of a telephone, 300 to 3400 Hz',
    apply: telephoneBand,
  },
  {
    name: '8-bit',
    description: 'rounded to 256 steps over the full scale, without dither',
    apply: async (waveform) => eachSample(waveform, (sample) => clamp(Math.round(128 * sample), -128, 127) / 128),
  },
  {
    name: 'mp3',
    description: 'encoded as MP3 at a constant 32 kbit/s and decoded, without the delay of the codec',
    apply: throughMp3,
  },
  clipped(10),
  cropped(1),
  dosed('room', '0.6 s', 'in a room that sound dies away in within 0.6 s, as loud as the sound itself'),
  dosed('babble', '10 dB', 'four clips of other speakers at once throughout the clip, 10 dB SNR as with noise'),
  {
    name: 'opus',
    description: 'encoded as Opus for speech at 16 kbit/s and decoded, without the delay of the codec',
    apply: throughOpus,
  },
];

/** A change that `audit` makes, too. */
function dosed(change: 'room' | 'babble', dose: string, description: string): Perturbation {
  const { apply } = DOSES[change].find((one) => one.dose === dose)!;
  return {
    ...{ name: `${change}-${dose.replace(' ', '').toLowerCase()}`, description },
    async apply(waveform, name, voices) {
      const [from, to] = await speechRange(waveform, resolveTrimOptions({}));
      return apply(waveform, {
        ...{ name, random: new RandomStream(0, change, name), voices: change === 'babble' ? await voices() : [] },
        ...{ frameSeconds: 0, speech: { from, to } }, // frames are of no account here
      });
    },
  };
}

function noise(snr: number): Perturbation {
  return {
    name: `noise-${snr}db`,
    description: `white noise throughout the clip, ${snr} dB SNR; the signal is the clip without the silence at its ends`,
    apply: async (waveform, clipName) => withNoise(waveform, snr, clipName),
  };
}

function gain(decibels: number, how: string): Perturbation {
  const factor = 10 ** (decibels / 20);
  return {
    name: `gain${decibels > 0 ? '+' : ''}${decibels}db`,
    description: `${Math.abs(decibels)} dB ${how}`,
    apply: async (waveform) => eachSample(waveform, (sample) => clamp(factor * sample, -1, 1)),
  };
}

function clipped(decibels: number): Perturbation {
  return {
    name: 'clipped',
    description: `cut off at ${decibels} dB below the clip’s own peak`,
    async apply(waveform) {
      const peak = waveform.samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      const limit = peak * 10 ** (-decibels / 20);
      return eachSample(waveform, (sample) => clamp(sample, -limit, limit));
    },
  };
}

function cropped(seconds: number): Perturbation {
  return {
    name: 'cropped',
    description: `only the ${seconds.toFixed(1)} s in the middle of the clip without the silence at its ends`,
    async apply(waveform) {
      const { samples, sampleRate } = trimSilence(waveform);
      const length = Math.min(samples.length, Math.round(seconds * sampleRate));
      const start = Math.floor((samples.length - length) / 2);
      return { samples: samples.slice(start, start + length), sampleRate };
    },
  };
}

function eachSample({ samples, sampleRate }: Waveform, change: (sample: number) => number): Waveform {
  return { samples: samples.map(change), sampleRate };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
