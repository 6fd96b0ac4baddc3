// options and data of a training → into a fingerprint

import type { Fingerprint } from '../core/fingerprint.ts';
import { addExamples, ExampleContents } from '../exampleSet/exampleContents.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { ResolvedTrainOptions, TrainOptions } from './trainOptions.ts';

/**
 * Adds a training to a fingerprint: its options, the training and validation data with labels, speakers, groups and features, and the
 * teacher's probabilities. Not the network, for which there is `networkHash`.
 */
export function addTraining(
  fingerprint: Fingerprint,
  options: ResolvedTrainOptions,
  data: ExampleSet,
  { validation, teacher }: Pick<TrainOptions, 'validation' | 'teacher'>,
  contents = new ExampleContents(),
): Fingerprint {
  fingerprint.addJson(asFirstNamed(options));
  addExamples(fingerprint, data, contents);
  addExamples(fingerprint, validation, contents);
  return fingerprint.addJson(
    teacher && data.examples.map(({ name }) => Array.from(teacher.probabilities.get(name) ?? [])),
  );
}

/** The names of options in version 0.1, so that checkpoints and folds stored by it can be resumed from. */
const FIRST_NAMES: Readonly<Record<string, string>> = {
  ema: 'averaging',
  distillationWeight: 'teacherShare',
  stdDb: 'deviationDb',
};

/** Options that version 0.1 did not have: where they are off, a training is what it was. */
const ADDED: ReadonlySet<string> = new Set([
  ...['sampling', 'pretraining'],
  ...['copies', 'tempo', 'crop', 'room', 'babble', 'colouredNoise', 'equalisation', 'telephone'],
]);

/** The options under the names of version 0.1, in their order, without those that it did not have and that are off. */
function asFirstNamed(options: unknown): unknown {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return options;
  return Object.fromEntries(
    Object.entries(options)
      .filter(([name, value]) => !(ADDED.has(name) && value === false))
      .map(([name, value]) => [FIRST_NAMES[name] ?? name, asFirstNamed(value)]),
  );
}
