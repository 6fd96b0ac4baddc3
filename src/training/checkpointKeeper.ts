// a run of train → its checkpoint in a store, and back

import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Resolved } from '../core/check.ts';
import { Fingerprint, floatsHash } from '../core/fingerprint.ts';
import { networkText } from '../model/networkHash.ts';
import { tensorsOf, valuesOf } from '../model/weights.ts';
import {
  CHECKPOINT,
  type Checkpoint,
  type CheckpointHeader,
  packCheckpoint,
  type TrainingState,
  unpackCheckpoint,
} from './checkpoint.ts';
import { PackedStore } from './packedStore.ts';
import { epochsBefore, epochsOf } from './phases.ts';
import type { Run } from './run.ts';
import { addTraining } from './trainingFingerprint.ts';
import type { CheckpointOptions } from './trainOptions.ts';

/** Hashes of a network's weights when an unfinished run in this process left it, and when that run began. */
interface Left {
  readonly weights: string;
  readonly initialWeights: string;
}

const LEFT = new WeakMap<LayersModel, Left>();

/** Saves the state of a run, and resumes a run from it. */
export class CheckpointKeeper {
  readonly #run: Run;
  readonly #when: Resolved<Omit<CheckpointOptions, 'store'>>;
  readonly #store: PackedStore<CheckpointHeader>;
  /** Hash of the weights that the run began with; undefined until {@link CheckpointKeeper.resume} has found out. */
  #initialWeights: string | undefined;

  constructor(run: Run, { store, everyEpochs = 1, everyBatches = false, onAbort = true }: CheckpointOptions) {
    const { trainee, data, resolved, start, options } = run;
    const fingerprint = new Fingerprint().addJson(networkText(trainee.network));
    addTraining(fingerprint, resolved, data, options);
    if (start) fingerprint.addJson([start.normalizer.toJSON(), start.rates]);
    this.#run = run;
    this.#when = { everyEpochs, everyBatches, onAbort };
    this.#store = new PackedStore(store, CHECKPOINT, fingerprint.toString());
  }

  /**
   * Resumes from the checkpoint, where there is one.
   *
   * It has to be of a run that began from this network's initial weights: those that it has now or, where a run in this process left it
   * half trained, had before that run. An unfinished run is also resumed by a network whose weights are the checkpoint's.
   *
   * @throws {TrainingError} when it is damaged or of another run
   */
  async resume(): Promise<void> {
    const { trainee, options } = this.#run;
    const { network } = trainee;
    const now = await hashOf(network);
    const packed = await this.#store.load(options.signal);
    if (!packed) {
      this.#initialWeights = now;
      return;
    }
    const found = unpackCheckpoint(packed);
    if (!found || !isPartOf(this.#run, found) || !trainee.fits(found)) this.#store.refuse('is damaged');
    const left = LEFT.get(network);
    const initial = left?.weights === now ? left.initialWeights : now;
    const isAsKept = () => now === floatsHash(...found.weights.slice(0, network.weights.length));
    if (initial !== found.initialWeights && (isOver(this.#run, found.state) || !isAsKept())) {
      this.#store.refuse('is of a run that began from other weights than this network');
    }
    trainee.restore(found);
    this.#initialWeights = found.initialWeights;
    const { epoch, batch, history } = found.state;
    options.onProgress?.({ type: 'resume', epochs: epoch, batches: batch, history: [...history] });
  }

  /** Whether `everyBatches` says to save now. */
  isDue(): boolean {
    const { everyBatches } = this.#when;
    return everyBatches !== false && this.#run.trainee.state.batch % everyBatches === 0;
  }

  /** Saves if `everyEpochs` says so, and after the last epoch. */
  async afterEpoch(): Promise<void> {
    const { state } = this.#run.trainee;
    if (isOver(this.#run, state) || state.epoch % this.#when.everyEpochs === 0) await this.save();
  }

  /**
   * To be called when the run fails or is aborted: remembers how it leaves the network, so that the same one can resume.
   *
   * @param aborted whether its signal ended it, after a whole number of steps
   */
  async leave(aborted: boolean): Promise<void> {
    if (this.#initialWeights === undefined) return; // it had not begun
    const { network } = this.#run.trainee;
    const weights = await hashOf(network).catch(() => undefined); // where not even that works, the run's own error counts
    if (weights !== undefined) LEFT.set(network, { weights, initialWeights: this.#initialWeights });
    if (aborted && this.#when.onAbort) await this.save();
  }

  /** Saves the state that the run is in. */
  async save(): Promise<void> {
    const { trainee, options } = this.#run;
    const { state } = trainee;
    const numbers = await trainee.numbers();
    const { header, arrays } = packCheckpoint({ state, initialWeights: this.#initialWeights!, ...numbers });
    await this.#store.save(header, arrays);
    options.onProgress?.({ type: 'checkpoint', epochs: state.epoch, batches: state.batch });
  }
}

async function hashOf(network: LayersModel): Promise<string> {
  return floatsHash(...(await valuesOf(tensorsOf(network.weights))));
}

/** Whether a checkpoint's position is one that the run can reach. */
function isPartOf({ phases, resolved, options }: Run, { state }: Checkpoint): boolean {
  const { patience } = resolved;
  const before = epochsBefore(resolved);
  const { count } = phases[0]!.batches;
  const { epoch, batch, step, history, bestEpoch, stopped } = state;
  const validated = options.validation !== undefined;
  return (
    epoch + (batch > 0 ? 1 : 0) <= epochsOf(resolved) &&
    batch <= count &&
    step === epoch * count + batch &&
    history.every(({ validation, epoch }) => (validation !== undefined) === (validated && epoch > before)) &&
    (bestEpoch > before || bestEpoch === 0) &&
    bestEpoch > 0 === (validated && epoch > before) &&
    stopped === (patience !== false && bestEpoch > 0 && epoch - bestEpoch >= patience) &&
    !(stopped && batch > 0)
  );
}

function isOver({ resolved }: Run, { epoch, stopped }: TrainingState): boolean {
  return stopped || epoch === epochsOf(resolved);
}
