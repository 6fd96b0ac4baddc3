// trained members of an ensemble → a store, and back

import { TrainingError } from '../core/errors.ts';
import { packArrays, unpackArrays } from '../core/packedArrays.ts';
import type { CheckpointStore } from './checkpoint.ts';
import type { TrainedWeights } from './trainingJob.ts';

interface Header {
  readonly fingerprint: string;
  readonly members: readonly (Omit<TrainedWeights, 'weights'> & { readonly seed: number; readonly arrays: number })[];
}

const MAGIC = 'SEMOENS1';

/** The members that are done, by their seeds, kept in a store where there is one. */
export class EnsembleMembers {
  readonly #store: CheckpointStore | undefined;
  readonly #fingerprint: string;
  readonly #members = new Map<number, TrainedWeights>();

  private constructor(store: CheckpointStore | undefined, fingerprint: string) {
    this.#store = store;
    this.#fingerprint = fingerprint;
  }

  /**
   * Reads what there is.
   *
   * @throws {TrainingError} when the store holds something of another fingerprint
   */
  static async load(store: CheckpointStore | undefined, fingerprint: string): Promise<EnsembleMembers> {
    const found = new EnsembleMembers(store, fingerprint);
    const bytes = await store?.load();
    if (!bytes) return found;
    const packed = unpackArrays<Header>(MAGIC, bytes);
    if (packed?.header.fingerprint !== fingerprint) {
      throw new TrainingError(
        'Cannot go on training the ensemble: the store holds something else than members with this network, these ' +
          'options and these data; delete it or give this run a store of its own',
      );
    }
    let start = 0;
    for (const { seed, arrays, ...member } of packed.header.members) {
      found.#members.set(seed, { ...member, weights: packed.arrays.slice(start, start + arrays) });
      start += arrays;
    }
    return found;
  }

  /** A member that is done. */
  get(seed: number): TrainedWeights | undefined {
    return this.#members.get(seed);
  }

  /** Keeps a member. */
  async add(seed: number, member: TrainedWeights): Promise<void> {
    this.#members.set(seed, member);
    if (!this.#store) return;
    const members = [...this.#members];
    const header: Header = {
      fingerprint: this.#fingerprint,
      members: members.map(([seed, { weights, ...rest }]) => ({ ...rest, seed, arrays: weights.length })),
    };
    const arrays = members.flatMap(([, { weights }]) => weights);
    await this.#store.save(packArrays(MAGIC, header, arrays));
  }
}
