// ExampleSet → shuffled, augmented, normalised batches

import { RandomStream } from '../core/random.ts';
import type { Example, ExampleSet } from '../exampleSet/exampleSet.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { Normalizer } from '../features/normalizer.ts';
import { augment, reshape } from './augment/augment.ts';
import { surroundingsOf } from './augment/surroundings.ts';
import { drawVariant } from './augment/variants.ts';
import type { Surroundings } from './augment/windowedClip.ts';
import { targetRow } from './losses.ts';
import { type Draw, drawEpoch, type SampledGroup, sampledGroups } from './sampling.ts';
import type { ResolvedTrainOptions } from './trainOptions.ts';

/** What a network is trained on in one step. The arrays are reused: they hold until the next batch is assembled. */
export interface Batch {
  /** How many clips are here: all of the batch, or this thread's part. */
  readonly size: number;
  /** How many clips of the batch come before. */
  readonly first: number;
  /** How many clips the whole batch has. */
  readonly clips: number;
  /** How many frames each has. */
  readonly frames: number;
  /** How many numbers a frame has. */
  readonly bins: number;
  /** Length of a target: one number a label, then one for each value of each auxiliary target. */
  readonly width: number;
  /** Normalised features, row-major [size, frames, bins]. */
  readonly inputs: Float32Array;
  /** What `crossEntropy` takes, row-major [size, width]. */
  readonly targets: Float32Array;
  /** 1 for each label that a clip was not asked for, row-major [size, labels]; not there where all clips were asked for all. */
  readonly unasked: Float32Array | undefined;
}

/** Which of how many threads has a part of each batch. */
export interface Rank {
  /** Counted from 0. */
  readonly rank: number;
  readonly ranks: number;
}

const ALONE: Rank = { rank: 0, ranks: 1 };

/**
 * The batches of every epoch.
 *
 * A batch is a function of seed, epoch and its number alone, so a run can resume at any of them. Each epoch goes over every clip
 * once, or draws as many as `sampling` says. The clips are spread evenly over ⌈clips / batchSize⌉ batches whose sizes differ by one at most: no small last batch upsets
 * batch norm, and nothing is left out.
 */
export class Batches {
  /** Batches an epoch. */
  readonly count: number;
  readonly #data: ExampleSet;
  readonly #options: ResolvedTrainOptions;
  readonly #normalizer: Normalizer;
  readonly #silence: Float32Array;
  readonly #teacher: ReadonlyMap<string, ArrayLike<number>> | undefined;
  readonly #surroundings: Surroundings;
  readonly #inputs: Float32Array;
  readonly #width: number;
  readonly #targets: Float32Array;
  readonly #unasked: Float32Array | undefined;
  /** What an epoch draws from; not there where it goes over each clip once. */
  readonly #groups: readonly SampledGroup[] | undefined;
  #order: { readonly epoch: number; readonly draws: readonly Draw[] } | undefined;

  /**
   * @param data what to train on
   * @param normalizer fitted on it
   * @param silence raw features of silence [bins], what short clips are padded with
   * @param teacher a teacher's probabilities of each clip, by name
   */
  constructor(
    data: ExampleSet,
    options: ResolvedTrainOptions,
    normalizer: Normalizer,
    silence: Float32Array,
    teacher?: ReadonlyMap<string, ArrayLike<number>>,
  ) {
    const { batchSize, window, augment, sampling } = options;
    this.count = Math.ceil(data.examples.length / batchSize);
    this.#data = data;
    this.#options = options;
    this.#normalizer = normalizer;
    this.#silence = silence;
    this.#teacher = teacher;
    this.#surroundings = surroundingsOf(data, augment, augment.maskFill === 'mean' ? normalizer.mean : silence);
    const most = Math.min(batchSize, data.examples.length);
    this.#inputs = new Float32Array(most * window.frames * silence.length);
    this.#width = options.auxiliary.reduce((sum, { values }) => sum + values.length, data.labels.length);
    this.#targets = new Float32Array(most * this.#width);
    const isPartial = data.examples.some(({ asked }) => asked !== undefined && asked.length < data.labels.length);
    this.#unasked = isPartial ? new Float32Array(most * data.labels.length) : undefined;
    this.#groups = sampling ? sampledGroups(data.examples, sampling) : undefined;
  }

  /**
   * Makes one batch, in arrays that the next call overwrites.
   *
   * @param epoch counted from 0
   * @param batch counted from 0, below {@link Batches.count}
   * @param rank whose part of the batch. @default all of it
   */
  assemble(epoch: number, batch: number, { rank, ranks }: Rank = ALONE): Batch {
    const { seed, window, augment } = this.#options;
    const all = this.#draws(epoch, batch);
    const clips = all.length;
    const [first, end] = [rank, rank + 1].map((i) => Math.floor((i * clips) / ranks)) as [number, number];
    const draws = augment.mixup ? all : all.slice(first, end); // blends are of clips of the whole batch
    const size = draws.length;
    const [frames, bins, width, labels] = [window.frames, this.#silence.length, this.#width, this.#data.labels.length];
    const inputs = this.#inputs.subarray(0, size * frames * bins);
    const targets = this.#targets.subarray(0, size * width);
    const unasked = this.#unasked?.subarray(0, size * labels);
    for (const [place, { index, times }] of draws.entries()) {
      const example = this.#data.examples[index]!;
      const stream = new RandomStream(seed, 'augment', epoch, index, ...(times > 0 ? [times] : []));
      this.#writeInput(inputs.subarray(place * frames * bins, (place + 1) * frames * bins), example, stream);
      this.#writeTarget(targets.subarray(place * width, (place + 1) * width), example);
      if (unasked) writeUnasked(unasked.subarray(place * labels, (place + 1) * labels), example.asked);
    }
    if (augment.mixup) {
      blend({ inputs, targets, unasked }, size, augment.mixup, new RandomStream(seed, 'mixup', epoch, batch));
    }
    const part = (rows: Float32Array, width: number) =>
      augment.mixup ? rows.subarray(first * width, end * width) : rows;
    return {
      ...{ size: end - first, first, clips, frames, bins, width },
      inputs: part(inputs, frames * bins),
      targets: part(targets, width),
      unasked: unasked && part(unasked, labels),
    };
  }

  /** The clips of a batch. */
  #draws(epoch: number, batch: number): readonly Draw[] {
    const { examples } = this.#data;
    if (this.#order?.epoch !== epoch) {
      const stream = new RandomStream(this.#options.seed, 'order', epoch);
      const draws = this.#groups
        ? drawEpoch(this.#groups, stream)
        : stream.shuffle([...examples.keys()]).map((index) => ({ index, times: 0 }));
      this.#order = { epoch, draws };
    }
    const start = (i: number) => Math.floor((i * examples.length) / this.count);
    return this.#order.draws.slice(start(batch), start(batch + 1));
  }

  /** Draws a variant, places it in the window, augments and normalises it. */
  #writeInput(values: Float32Array, { variants }: Example, stream: RandomStream): void {
    const { augment: options, window } = this.#options;
    const variant = drawVariant(variants, this.#data.speeds.length, options, stream);
    const matrix = reshape(variant, options, this.#surroundings, stream);
    const { bins } = matrix;
    const span = placeInWindow(values, matrix, this.#silence, options.placement ? stream.fork('placement') : undefined);
    augment({ values, bins, ...span }, options, this.#surroundings, stream);
    this.#normalizer.applyInto({ values, frames: window.frames, bins }, values);
  }

  #writeTarget(target: Float32Array, { name, label, groups, asked }: Example): void {
    const { labelSmoothing, classWeights, distillationWeight, auxiliary } = this.#options;
    const labels = classWeights.length;
    targetRow(target.subarray(0, labels), label, labelSmoothing, classWeights, asked);
    const taught = this.#teacher?.get(name);
    if (taught) addTeacher(target.subarray(0, labels), taught, distillationWeight, classWeights[label]!, asked);
    let start = labels;
    for (const { group, values, weight } of auxiliary) {
      const place = values.indexOf(groups[group] ?? '');
      for (let k = 0; k < values.length; k++) target[start + k] = k === place ? weight : 0;
      start += values.length;
    }
  }
}

/** Blends the target with the teacher's probabilities, among the labels that the clip was asked for. */
function addTeacher(
  target: Float32Array,
  taught: ArrayLike<number>,
  share: number,
  weight: number,
  asked: readonly number[] | undefined,
): void {
  // Divided by exactly 1 where all labels are asked for, since a teacher's probabilities are taken as they are.
  const sum = asked ? asked.reduce((total, k) => total + taught[k]!, 0) || 1 : 1;
  for (let k = 0; k < target.length; k++) {
    const probability = !asked || asked.includes(k) ? taught[k]! / sum : 0;
    target[k] = (1 - share) * target[k]! + share * weight * probability;
  }
}

function writeUnasked(unasked: Float32Array, asked: readonly number[] | undefined): void {
  unasked.fill(asked ? 1 : 0);
  for (const label of asked ?? []) unasked[label] = 0;
}

/**
 * Copies a clip into a window, or a window's length of a longer clip, and fills the rest with silence.
 *
 * @param window overwritten
 * @param stream where to put it; in the middle where there is none
 * @returns the rows that the clip takes
 */
function placeInWindow(
  window: Float32Array,
  { values, frames, bins }: FeatureMatrix,
  silence: Float32Array,
  stream: RandomStream | undefined,
): { from: number; to: number } {
  const room = window.length / bins - frames;
  const start = stream ? stream.integer(Math.abs(room) + 1) : Math.floor(Math.abs(room) / 2);
  if (room <= 0) {
    window.set(values.subarray(start * bins, start * bins + window.length));
    return { from: 0, to: window.length / bins };
  }
  for (let row = 0; row < start; row++) window.set(silence, row * bins);
  window.set(values, start * bins);
  for (let row = start + frames; row < start + frames + room - start; row++) window.set(silence, row * bins);
  return { from: start, to: start + frames };
}

/**
 * Mixup: blends clips of the batch with others of it, as they were before any blending. A blend of two was asked for what either was
 * asked for.
 */
function blend(
  { inputs, targets, unasked }: Pick<Batch, 'inputs' | 'targets' | 'unasked'>,
  size: number,
  { alpha, probability }: { alpha: number; probability: number },
  stream: RandomStream,
): void {
  const partners = stream.shuffle([...Array(size).keys()]);
  const shares = partners.map(() => (stream.next() < probability ? stream.beta(alpha) : 1));
  for (const rows of [inputs, targets]) {
    const before = rows.slice();
    const width = rows.length / size;
    for (const [place, share] of shares.entries()) {
      if (share === 1) continue;
      const own = place * width;
      const other = partners[place]! * width;
      for (let i = 0; i < width; i++) {
        rows[own + i] = share * (before[own + i] as number) + (1 - share) * (before[other + i] as number);
      }
    }
  }
  if (!unasked) return;
  const before = unasked.slice();
  const labels = before.length / size;
  for (const [place, share] of shares.entries()) {
    if (share === 1) continue;
    const other = partners[place]! * labels;
    for (let k = 0; k < labels; k++) unasked[place * labels + k]! *= before[other + k] as number;
  }
}
