// options and data of a training → into a fingerprint

import type { Fingerprint } from '../core/fingerprint.ts';
import { addExamples, ExampleContents } from '../exampleSet/exampleContents.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { ResolvedTrainOptions, TrainOptions } from './trainOptions.ts';

/**
 * Takes in a training: its options, the data with labels, speakers, groups and features, those of the validation, and the teacher's
 * probabilities. The network is left out: what it is and begins from is told by `networkHash`.
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

/** What options were called in version 0.1: checkpoints and folds stored then are gone on from. */
const FIRST_NAMES: Readonly<Record<string, string>> = {
  ema: 'averaging',
  distillationWeight: 'teacherShare',
  stdDb: 'deviationDb',
};

/** The options under the names that they first had, in their order. */
function asFirstNamed(options: unknown): unknown {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return options;
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [FIRST_NAMES[name] ?? name, asFirstNamed(value)]),
  );
}
