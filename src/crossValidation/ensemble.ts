// one training configuration + several seeds → an ensemble of trained models

import { TrainingError } from '../core/errors.ts';
import { loadPart } from '../core/loadPart.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { TrainReport } from '../training/trainReport.ts';
import type { EnsembleOptions } from './ensembleOptions.ts';

/**
 * Trains the same training configuration with several seeds on the same examples.
 *
 * Their averaged predictions (`averagePredictions`) are usually better than those of one model, and a good `teacher` for distillation
 * into a single model.
 *
 * @returns a report a seed, in their order; the models' networks are the caller's to dispose
 * @throws {RangeError | TypeError} when there are no seeds or one comes twice, `build` gives no network, or an option is wrong
 * @throws {TrainingError} when the store is damaged or holds something else than this ensemble's members, or training fails
 * @throws the signal's reason when it aborts
 * @throws what `train` throws
 *
 * @example
 * ```ts
 * const reports = await trainEnsemble(examples, { build: (seed) => buildCnnLstm({ seed }), seeds: [1, 2, 3] });
 * const predictions = await Promise.all(reports.map(({ model }) => predictExamples(model, examples)));
 * const probabilities = new Map(averagePredictions(predictions).map((clip) => [clip.name, clip.probabilities]));
 * const { model } = await train(buildCnnLstm({ seed: 4 }), examples, { teacher: { probabilities } });
 * ```
 */
export async function trainEnsemble(data: ExampleSet, options: EnsembleOptions): Promise<TrainReport[]> {
  const { trainMembers } = await loadPart(
    import('./trainMembers.ts'),
    (reason, cause) => new TrainingError(`Cannot train an ensemble: what trains is ${reason}`, { cause }),
  );
  return trainMembers(data, options);
}
