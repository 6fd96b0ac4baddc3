// predictions of finished folds → a store, and back

import * as v from 'valibot';
import { TrainingError } from '../core/errors.ts';
import { checkPrediction } from '../evaluation/checkPredictions.ts';
import type { LabelledPrediction } from '../evaluation/labelledPrediction.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { CheckpointStore } from '../training/checkpointStore.ts';
import { PackedStore, type StoredKind } from '../training/packedStore.ts';
import type { ResolvedFold } from './resolveFolds.ts';

const DONE = v.object({
  seed: v.pipe(v.number(), v.safeInteger()),
  fold: v.string(),
  /** Hash of the networks that were trained for it. */
  networks: v.string(),
});

const HEADER = v.object({
  folds: v.pipe(
    v.array(DONE),
    v.check((folds) => new Set(folds.map(keyOf)).size === folds.length, 'none must be there twice'),
  ),
});

type Done = v.InferOutput<typeof DONE>;
type Header = v.InferOutput<typeof HEADER>;

const FOLDS: StoredKind<Header> = {
  magic: 'SEMOFLD1',
  action: 'go on cross-validating',
  what: 'the store',
  other: 'holds something else than results of these folds with this network, these options and these data',
  schema: HEADER,
};

/** By how much rounding may change a sum of probabilities. */
const ROUNDING = 1e-3;

/** The predictions of the folds that are done, kept in a store where there is one. */
export class FoldResults {
  readonly #store: PackedStore<Header> | undefined;
  readonly #results = new Map<string, { readonly done: Done; readonly predictions: readonly LabelledPrediction[] }>();

  private constructor(store: PackedStore<Header> | undefined) {
    this.#store = store;
  }

  /**
   * Reads the store, where there is one.
   *
   * @param fingerprint of all that the results depend on, except the networks
   * @param sets of all folds
   * @throws {TrainingError} when the store holds something of another fingerprint, or is damaged
   */
  static async load(
    store: CheckpointStore | undefined,
    fingerprint: string,
    sets: readonly ResolvedFold[],
    signal: AbortSignal | undefined,
  ): Promise<FoldResults> {
    const results = new FoldResults(store && new PackedStore(store, FOLDS, fingerprint));
    await results.#load(sets, signal);
    return results;
  }

  async #load(sets: readonly ResolvedFold[], signal: AbortSignal | undefined): Promise<void> {
    const packed = await this.#store?.load(signal);
    if (!packed) return;
    const { header, arrays } = packed;
    if (header.folds.length !== arrays.length) this.#store?.refuse('is damaged');
    for (const [i, done] of header.folds.entries()) {
      const set = sets.find(({ name }) => name === done.fold);
      const predictions = set && predictionsOf(set.test, arrays[i]!);
      if (!predictions) return this.#store?.refuse('is damaged');
      this.#results.set(keyOf(done), { done, predictions });
    }
  }

  /**
   * The predictions of a fold that is done.
   *
   * @throws {TrainingError} when other networks were trained for it
   */
  get(wanted: Done): readonly LabelledPrediction[] | undefined {
    const found = this.#results.get(keyOf(wanted));
    if (found && found.done.networks !== wanted.networks) {
      this.#store?.refuse(`${FOLDS.other}: seed ${wanted.seed} gives another network`);
    }
    return found?.predictions;
  }

  /**
   * Keeps the predictions of a fold.
   *
   * @throws {TrainingError} when they are not of the clips that it tests
   */
  async add(done: Done, { test }: ResolvedFold, given: readonly LabelledPrediction[]): Promise<void> {
    const inOrder =
      given.length === test.examples.length && given.every(({ name }, i) => name === test.examples[i]!.name);
    const predictions = inOrder && predictionsOf(test, toValues(given));
    if (!predictions)
      throw new TrainingError(`Cannot use the result of fold ${done.fold}: it is not of the tested clips`);
    this.#results.set(keyOf(done), { done, predictions });
    const results = [...this.#results.values()];
    const arrays = results.map(({ predictions }) => toValues(predictions));
    await this.#store?.save({ folds: results.map(({ done }) => done) }, arrays);
  }
}

function keyOf({ seed, fold }: Pick<Done, 'seed' | 'fold'>): string {
  return `${seed} ${fold}`;
}

/** Predictions → probabilities, [clips, labels]. */
function toValues(predictions: readonly LabelledPrediction[]): Float32Array {
  return Float32Array.from(predictions.flatMap(({ probabilities }) => Array.from(probabilities)));
}

/** Probabilities [clips, labels] → predictions for the clips of a set; undefined where they are not probabilities of as many. */
function predictionsOf({ examples, labels }: ExampleSet, values: Float32Array): LabelledPrediction[] | undefined {
  const width = labels.length;
  if (values.length !== examples.length * width) return undefined;
  const predictions = examples.map(({ name, label, speaker, groups }, i): LabelledPrediction => {
    const probabilities = Array.from(values.subarray(i * width, (i + 1) * width));
    return { name, label, speaker, groups, probabilities };
  });
  return predictions.every((prediction) => isDistribution(prediction, width)) ? predictions : undefined;
}

function isDistribution(prediction: LabelledPrediction, labels: number): boolean {
  try {
    checkPrediction('use a result', prediction, labels);
  } catch {
    return false;
  }
  return Math.abs(Array.from(prediction.probabilities).reduce((sum, one) => sum + one, 0) - 1) <= ROUNDING;
}
