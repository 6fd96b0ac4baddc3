// a model + clips of speakers it has not heard → what each speaker's clips are taken for, before and after they enrolled some

import { type EnrolledClip, type SpeakerConstants, speakerWeights } from '../../src/classifier/speakerWeights.ts';
import { RandomStream } from '../../src/core/random.ts';
import type { ClassifyingWeights } from '../../src/model/classifyingLayer.ts';

/** A clip of RAVDESS, and what a model makes of it. */
export interface HeardClip {
  readonly name: string;
  readonly speaker: number;
  readonly label: number;
  readonly sentence: number;
  /** For each window, what the classifying layer reads. */
  readonly windows: readonly Float32Array[];
  readonly evidence: Omit<EnrolledClip, 'label'>;
}

/** One training: its model's classifying layer, and the clips that it was not trained on. */
export interface HeardFold {
  readonly seed: number;
  readonly fold: string;
  readonly weights: ClassifyingWeights;
  readonly temperature: number;
  readonly clips: readonly HeardClip[];
}

/** Which clips of one sentence a speaker enrols. */
export interface Enrolling {
  /** Labelled clips for each label, or for those of some labels only. */
  readonly labelled?: { readonly each: number; readonly labels?: readonly number[] };
  /** All clips of the sentence, without their labels. */
  readonly unlabelled?: boolean;
  /** Shares of labels, where they are told. */
  readonly shares?: readonly number[];
  /** The share of labels that are given at random. */
  readonly mislabelled?: number;
}

/** A test clip's true label and probabilities. */
export interface Answer {
  readonly clip: HeardClip;
  readonly probabilities: readonly number[];
}

/**
 * Each speaker of a fold enrols clips of one of the two sentences and is tested on those of the other, both ways round.
 *
 * Which clips are enrolled follows from the seed of the training, the speaker, the sentence and the draw, and is the same for all ways
 * to enrol and for all constants.
 */
export function testSpeakers(
  { seed, clips, weights, temperature }: HeardFold,
  enrolling: Enrolling,
  constants: SpeakerConstants,
  draw: number,
): Answer[] {
  const labels = weights.bias.length;
  return speakersOf(clips).flatMap((speaker) =>
    SENTENCES.flatMap((sentence) => {
      const spoken = clips.filter((clip) => clip.speaker === speaker);
      const enrolled = enrol(
        spoken.filter((clip) => clip.sentence === sentence),
        enrolling,
        new RandomStream(seed, 'personalise', speaker, sentence, draw),
        labels,
      );
      const own = speakerWeights(enrolled, { weights, temperature, shares: enrolling.shares }, constants);
      return spoken
        .filter((clip) => clip.sentence !== sentence)
        .map((clip) => ({ clip, probabilities: probabilitiesOf(clip, own, temperature) }));
    }),
  );
}

const SENTENCES = [1, 2];

function speakersOf(clips: readonly HeardClip[]): number[] {
  return [...new Set(clips.map(({ speaker }) => speaker))].sort((a, b) => a - b);
}

function enrol(
  clips: readonly HeardClip[],
  { labelled, unlabelled, mislabelled = 0 }: Enrolling,
  random: RandomStream,
  labels: number,
): EnrolledClip[] {
  if (unlabelled) return clips.map(({ evidence }) => ({ ...evidence, label: undefined }));
  if (!labelled) return [];
  const wanted = labelled.labels ?? Array.from({ length: labels }, (_, label) => label);
  const chosen = wanted.flatMap((wantedLabel) => {
    const some = clips.filter(({ label }) => label === wantedLabel);
    return random.shuffle(some).slice(0, labelled.each); // there are two of neutral in a sentence, four of the others
  });
  return chosen.map(({ evidence, label }) => ({
    ...evidence,
    label: random.next() < mislabelled ? wanted[random.integer(wanted.length)] : label,
  }));
}

/** As `predict` has them: those of the windows summed, and calibrated. */
export function probabilitiesOf({ windows }: HeardClip, weights: ClassifyingWeights, temperature: number): number[] {
  const labels = weights.bias.length;
  const sum = new Array<number>(labels).fill(0);
  for (const features of windows) {
    const logits = Array.from(weights.bias);
    for (let i = 0; i < features.length; i++) {
      for (let label = 0; label < labels; label++) logits[label]! += features[i]! * weights.kernel[i * labels + label]!;
    }
    for (const [label, p] of softmax(logits).entries()) sum[label]! += p;
  }
  return softmax(sum.map((p) => Math.log(p) / temperature));
}

function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}
