// a detector's answers to sounds that it has not learnt from → the threshold that tells speech from the others best

import { RandomStream } from 'speech-emotion/layers';
import { SAMPLE_RATE, SpeechFeatures, type SpeechSteps, STEP_SIZE } from '../../src/speech/speechFeatures.ts';
import { SpeechNetwork } from '../../src/speech/speechNetwork.ts';
import { activeLevel, telephoned, whispered } from './degrade.ts';
import type { Excerpt } from './excerpts.ts';
import { LEARNT, ofSpeakers, otherSounds, type SoundPaths, speechClips } from './speechSounds.ts';
import { SYNTHETIC } from './syntheticSounds.ts';

/** Steps that have to be speech: a clip is speech for all thresholds up to the fourth highest of its answers. */
const LEAST_STEPS = 4;
/** Clips of a corpus, pieces of a package, sounds of a synthetic kind. */
const MOST = 150;
/** Samples of a word. */
const WORD = Math.round(0.6 * SAMPLE_RATE);

/** What the network makes of a clip: the highest threshold at which it is speech. */
function scoreOf(weights: Float32Array, samples: Float32Array): number {
  const features = new SpeechFeatures();
  const network = new SpeechNetwork(weights);
  const audible: number[] = [];
  const answers: number[] = [];
  const take = ({ values, count, audible: own }: SpeechSteps) => {
    audible.push(...own);
    for (let step = 0; step < count; step++) {
      const answer = network.push(values.subarray(step * STEP_SIZE, (step + 1) * STEP_SIZE));
      if (answer !== undefined) answers.push(answer);
    }
  };
  take(features.push(samples));
  take(features.flush());
  answers.push(...network.flush());
  const loud = answers.map((answer, step) => (audible[step] ? answer : 0)).sort((a, b) => b - a);
  return loud[LEAST_STEPS - 1] ?? 0;
}

/** Scores of speech, clean, by telephone, in noise and whispered, and of other sounds, by speakers and from packages kept aside. */
export async function keptScores(
  weights: Float32Array,
  paths: SoundPaths,
): Promise<{ speech: number[]; others: number[] }> {
  const random = new RandomStream(2, 'kept');
  const some = (all: readonly Excerpt[]) => random.shuffle([...all]).slice(0, MOST);
  const speech: number[] = [];
  for (const clips of Object.values(await speechClips(paths, ['ravdess', ...LEARNT]))) {
    for (const [i, { samples }] of some(ofSpeakers(clips, 'choose')).entries()) {
      const clip = Float32Array.from(samples, (x) => x / 32768);
      const changes = [clip, telephoned(clip), noisy(clip, random), whispered(clip, random)];
      speech.push(scoreOf(weights, changes[i % changes.length]!));
      speech.push(scoreOf(weights, loudest(clip, WORD)));
    }
  }
  const others: number[] = [];
  for (const { pieces } of await otherSounds(paths, 'choose')) {
    for (const { samples } of some(pieces))
      others.push(
        scoreOf(
          weights,
          Float32Array.from(samples, (x) => x / 32768),
        ),
      );
  }
  for (const make of Object.values(SYNTHETIC)) {
    for (let i = 0; i < 20; i++) {
      const samples = make(random, 4 * SAMPLE_RATE);
      const level = (10 ** random.uniform(-3, 0) * 0.5) / (activeLevel(samples) || 1);
      others.push(
        scoreOf(
          weights,
          samples.map((x) => Math.max(-1, Math.min(1, level * x))),
        ),
      );
    }
  }
  return { speech, others };
}

/** The loudest stretch of a clip. */
function loudest(clip: Float32Array, length: number): Float32Array {
  const hop = SAMPLE_RATE / 10;
  let [best, most] = [0, 0];
  for (let at = 0; at + length <= clip.length; at += hop) {
    const power = clip.subarray(at, at + length).reduce((sum, x) => sum + x * x, 0);
    if (power > most) [best, most] = [at, power];
  }
  return clip.subarray(best, best + length);
}

/** In white noise of 10 dB less. */
export function noisy(clip: Float32Array, random: RandomStream, decibels = 10): Float32Array {
  const level = activeLevel(clip) * 10 ** (-decibels / 20);
  return clip.map((x) => x + level * random.normal());
}

/** The threshold, in steps of a hundredth, at which the shares of speech missed and of other sounds taken for speech are least together. */
export function chooseThreshold({ speech, others }: { speech: readonly number[]; others: readonly number[] }) {
  const share = (scores: readonly number[], is: (score: number) => boolean) => scores.filter(is).length / scores.length;
  const all = Array.from({ length: 99 }, (_, i) => {
    const threshold = (i + 1) / 100;
    const missed = share(speech, (score) => score < threshold);
    const taken = share(others, (score) => score >= threshold);
    return { threshold, missed, taken };
  });
  const least = Math.min(...all.map(({ missed, taken }) => missed + taken));
  const best = all.filter(({ missed, taken }) => missed + taken <= least + 1e-9);
  return best[Math.floor(best.length / 2)]!;
}
