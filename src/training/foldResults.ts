// predictions of finished folds → a store, and back

import { TrainingError } from '../core/errors.ts';
import type { CheckpointStore } from './checkpoint.ts';
import type { LabelledPrediction } from './metrics.ts';

/** The predictions of the folds that are done, kept in a store where there is one. */
export class FoldResults {
  readonly #store: CheckpointStore | undefined;
  readonly #fingerprint: string;
  readonly #results: Record<string, readonly LabelledPrediction[]>;

  private constructor(store: CheckpointStore | undefined, fingerprint: string, results = {}) {
    this.#store = store;
    this.#fingerprint = fingerprint;
    this.#results = results;
  }

  /**
   * Reads what there is.
   *
   * @throws {TrainingError} when the store holds something of another fingerprint
   */
  static async load(store: CheckpointStore | undefined, fingerprint: string): Promise<FoldResults> {
    const bytes = await store?.load();
    if (!bytes) return new FoldResults(store, fingerprint);
    const saved = parse(bytes);
    if (saved?.fingerprint !== fingerprint) {
      throw new TrainingError(
        'Cannot go on cross-validating: the store holds something else than results of these folds with these options; ' +
          'delete it or give this run a store of its own',
      );
    }
    return new FoldResults(store, fingerprint, saved.results);
  }

  /** The predictions of a fold that is done. */
  get(seed: number, fold: string): readonly LabelledPrediction[] | undefined {
    return this.#results[keyOf(seed, fold)];
  }

  /** Keeps the predictions of a fold. */
  async add(seed: number, fold: string, predictions: readonly LabelledPrediction[]): Promise<void> {
    this.#results[keyOf(seed, fold)] = predictions;
    const text = JSON.stringify({ fingerprint: this.#fingerprint, results: this.#results });
    await this.#store?.save(new TextEncoder().encode(text));
  }
}

function keyOf(seed: number, fold: string): string {
  return `${seed} ${fold}`;
}

function parse(bytes: Uint8Array): { fingerprint?: string; results?: object } | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
