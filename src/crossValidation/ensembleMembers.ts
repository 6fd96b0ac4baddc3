// trained members of an ensemble → a store, and back

import * as v from 'valibot';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import { Normalizer } from '../features/normalizer.ts';
import { checksumOf } from '../model/modelArtifact.ts';
import { type ModelSettings, parseModelSettings } from '../model/trainedModel.ts';
import { HISTORY } from '../training/checkpoint.ts';
import type { CheckpointStore } from '../training/checkpointStore.ts';
import { newModelSettings } from '../training/newModelSettings.ts';
import { PackedStore, type StoredKind } from '../training/packedStore.ts';
import type { ResolvedTrainOptions, TrainOptions } from '../training/trainOptions.ts';
import type { TrainedWeights } from './trainingJob.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const MEMBER = v.object({
  seed: v.pipe(v.number(), v.safeInteger()),
  /** Hash of its untrained network. */
  network: v.string(),
  settings: v.record(v.string(), v.unknown()),
  history: v.pipe(HISTORY, v.nonEmpty()),
  bestEpoch: v.pipe(count, v.minValue(1)),
  stoppedEarly: v.boolean(),
  /** How many arrays of weights it has. */
  arrays: count,
});

const HEADER = v.object({
  members: v.pipe(
    v.array(MEMBER),
    v.check((members) => new Set(members.map(({ seed }) => seed)).size === members.length, 'seeds must be different'),
    v.check(
      (members) => members.every(({ bestEpoch, history }) => bestEpoch <= history.length),
      'the best epoch must be one that was run',
    ),
  ),
});

type Header = v.InferOutput<typeof HEADER>;

/** What all members depend on. */
interface EnsembleConfig {
  readonly data: ExampleSet;
  readonly options: ResolvedTrainOptions;
  readonly given: TrainOptions;
}

const MEMBERS: StoredKind<Header> = {
  magic: 'SEMOENS2',
  action: 'go on training the ensemble',
  what: 'the store',
  other: 'holds something else than members with this network, these options and these data',
  schema: HEADER,
};

/** The members that are done, by their seeds, kept in a store where there is one. */
export class EnsembleMembers {
  readonly #store: PackedStore<Header> | undefined;
  readonly #members = new Map<number, { readonly network: string; readonly trained: TrainedWeights }>();

  private constructor(store: PackedStore<Header> | undefined) {
    this.#store = store;
  }

  /**
   * Reads the store, where there is one.
   *
   * @param fingerprint of all that the members depend on, except their networks
   * @param config what they depend on: the settings of a stored member must follow from it
   * @throws {TrainingError} when the store holds something of another fingerprint, or is damaged
   */
  static async load(
    store: CheckpointStore | undefined,
    fingerprint: string,
    config: EnsembleConfig,
    signal: AbortSignal | undefined,
  ): Promise<EnsembleMembers> {
    const members = new EnsembleMembers(store && new PackedStore(store, MEMBERS, fingerprint));
    await members.#load(config, signal);
    return members;
  }

  async #load(config: EnsembleConfig, signal: AbortSignal | undefined): Promise<void> {
    const packed = await this.#store?.load(signal);
    if (!packed) return;
    const areFinite = packed.arrays.every((weights) => weights.every((weight) => Number.isFinite(weight)));
    if (!areFinite) this.#store?.refuse('is damaged');
    const normalizer = Normalizer.fit(config.data.examples.map(({ variants }) => variants[0]!));
    let start = 0;
    for (const { seed, network, arrays, settings: stored, ...report } of packed.header.members) {
      const weights = packed.arrays.slice(start, start + arrays);
      const settings = this.#settingsOf(stored);
      if (!isOf(config, normalizer, seed, { ...report, settings })) {
        this.#store?.refuse(`is damaged: the member of seed ${seed} is not what these options and data give`);
      }
      this.#members.set(seed, { network, trained: { ...report, settings, weights } });
      start += arrays;
    }
    if (start !== packed.arrays.length) this.#store?.refuse('is damaged');
  }

  #settingsOf(settings: unknown): TrainedWeights['settings'] {
    try {
      return parseModelSettings(settings);
    } catch (cause) {
      return this.#store!.refuse(`is damaged (${(cause as Error).message})`, cause);
    }
  }

  /**
   * A member that is done.
   *
   * @param network hash of its untrained network
   * @throws {TrainingError} when it was trained from another one
   */
  get(seed: number, network: string): TrainedWeights | undefined {
    const member = this.#members.get(seed);
    if (member && member.network !== network)
      this.#store?.refuse(`${MEMBERS.other}: seed ${seed} gives another network`);
    return member?.trained;
  }

  /** Keeps a member. */
  async add(seed: number, network: string, trained: TrainedWeights): Promise<void> {
    this.#members.set(seed, { network, trained });
    const members = [...this.#members].map(
      ([
        seed,
        {
          network,
          trained: { weights, ...rest },
        },
      ]) => ({
        ...{ seed, network, arrays: weights.length },
        ...rest,
      }),
    );
    const arrays = [...this.#members.values()].flatMap(({ trained: { weights } }) => weights);
    await this.#store?.save({ members } as unknown as Header, arrays);
  }
}

/** Whether a member was trained for as long as asked for, and has the settings that `train` gives, as far as they are known before. */
function isOf(
  { data, options, given }: EnsembleConfig,
  normalizer: Normalizer,
  seed: number,
  { settings, history, bestEpoch, stoppedEarly }: Omit<TrainedWeights, 'weights'>,
): boolean {
  const { epochs, patience } = options;
  if (stoppedEarly ? patience === false || history.length >= epochs : history.length !== epochs) return false;
  if (!given.validation && bestEpoch !== epochs) return false;
  const wanted = newModelSettings(data, { ...options, seed }, normalizer, given);
  const calibration = given.validation ? settings.calibration : wanted.calibration;
  return (
    sumOf(settings) ===
    sumOf({ ...wanted, calibration, training: { ...wanted.training, date: settings.training.date } })
  );
}

/** Of the settings as JSON holds them. */
function sumOf(settings: ModelSettings): string {
  return checksumOf(parseModelSettings(JSON.parse(JSON.stringify(settings))));
}
