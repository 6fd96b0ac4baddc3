// network + ExampleSet → TrainedModel: what trains is loaded when it is first asked for

import type { LayersModel } from '@tensorflow/tfjs-layers';
import { TrainingError } from '../core/errors.ts';
import { loadPart } from '../core/loadPart.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { TrainOptions } from './trainOptions.ts';
import type { TrainReport } from './trainReport.ts';

/**
 * Trains a network on examples.
 *
 * Everything random follows from `seed`: two runs with the same network, data and options end in the same weights, bit for bit on
 * the `cpu` backend, and so does a run that was killed and resumed from its checkpoint. Between steps it yields to the host, so a page
 * or a server stays responsive.
 *
 * A run resumes from its checkpoint where options, data, layers and the network's initial weights are the same: with a network built
 * again from the same seed, in any process; with the network that an aborted or failed run in this process left, as it left it; or, while
 * the run is not finished, with one whose weights are the checkpoint's.
 *
 * @param network [batch, frames, bins, 1] (or without the last axis) → [batch, labels], probabilities. It is trained in
 *   place, stays the caller's to dispose, and becomes the network of the returned model
 * @param data what to train on; the normaliser is fitted on its clips as they are
 * @throws {RangeError | TypeError} when an option is wrong, the network does not fit the data, is disposed or in another training, a
 *   clip is invalid (an unknown label, no frames, features that are not finite, a name that comes twice), or a clip of the validation
 *   set is trained on
 * @throws {TrainingError} when the loss or a gradient is not finite (the network is unusable then), or the checkpoint is
 *   damaged, of another run or another version of this library
 * @throws {BackendError} when the backend's memory is full, or it has crashed
 * @throws {Error} when no tfjs backend is registered
 * @throws the signal's reason when it aborts; the network is then as the last step left it
 *
 * @example
 * ```ts
 * const network = buildCnnLstm({ seed: 1 });
 * const { model } = await train(network, examples, { epochs: 60, onProgress: (event) => report(event) });
 * ```
 */
export async function train(network: LayersModel, data: ExampleSet, options: TrainOptions = {}): Promise<TrainReport> {
  const { trainNetwork } = await loadPart(
    import('./trainNetwork.ts'),
    (reason, cause) => new TrainingError(`Cannot train: what trains is ${reason}`, { cause }),
  );
  return trainNetwork(network, data, options);
}
