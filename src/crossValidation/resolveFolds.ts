// ExampleSet + folds → training and test sets without leaks between them

import { checkObject, checkString, typeName } from '../core/check.ts';
import { clipLeaks, type FoldClips, type Leak, speakerLeaks, testedTwice } from '../evaluation/foldLeaks.ts';
import { checkNames } from '../exampleSet/checkExamples.ts';
import { ExampleContents } from '../exampleSet/exampleContents.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import { examplesOf, mergeExamples, selectExamples } from '../exampleSet/examples.ts';
import type { NamedFold, SpeakerRule } from '../exampleSet/namedFold.ts';

/** The examples of one fold. */
export interface ResolvedFold {
  /** The fold. */
  readonly name: string;
  /** What is trained on, additional clips included. */
  readonly training: ExampleSet;
  /** Names of clips that are left out of `training` because they are the same recordings as tested ones. */
  readonly leftOut: readonly string[];
  /** What is reported on. */
  readonly test: ExampleSet;
}

/**
 * The sets of each fold, checked for leaks. A training clip that is the same recording as a tested one is left out.
 *
 * @param extra more clips to train on; with independent speakers, those of a fold's test speakers are left out of it
 * @throws {RangeError} when there are no folds, two have one name, a name is not in the set, a label is tested that no training clip has,
 *   or something leaks that cannot be left out
 */
export function resolveFolds(
  data: ExampleSet,
  folds: Iterable<NamedFold>,
  speakers: SpeakerRule,
  extra: ExampleSet | undefined,
  contents = new ExampleContents(),
): ResolvedFold[] {
  if (typeof folds?.[Symbol.iterator] !== 'function') {
    throw new TypeError(`Cannot cross-validate: folds must be a list of folds, got ${typeName(folds)}`);
  }
  const sets = Array.from(folds, (fold) => setsOf(data, checkFold(fold), speakers, extra, contents));
  if (sets.length === 0) throw new RangeError('Cannot cross-validate: there must be folds, got none');
  checkNames('cross-validate', sets, 'fold names');
  refuseLeak(testedTwice(sets.map(({ name, test }) => ({ fold: name, test: test.examples }))));
  return sets;
}

function checkFold(fold: NamedFold): NamedFold {
  const { name, train, test } = checkObject('cross-validate', 'a fold', fold);
  checkString('cross-validate', 'the name of a fold', name);
  for (const [side, clips] of Object.entries({ train, test })) {
    if (typeof clips?.[Symbol.iterator] !== 'function') refuse(name, `its ${side} is no list of clips`);
  }
  return fold;
}

function setsOf(
  data: ExampleSet,
  fold: NamedFold,
  speakers: SpeakerRule,
  extra: ExampleSet | undefined,
  contents: ExampleContents,
): ResolvedFold {
  const test = examplesOf(data, fold.test);
  const testSpeakers = new Set(test.examples.map(({ speaker }) => speaker));
  const own = examplesOf(data, fold.train);
  const more = extra && selectExamples(extra, ({ speaker }) => speakers === 'dependent' || !testSpeakers.has(speaker));
  const wanted = more ? mergeExamples(own, more) : own;
  const clips: FoldClips = { fold: fold.name, train: wanted.examples, test: test.examples };
  const leaks = clipLeaks(clips, (clip) => contents.of(clip));
  refuseLeak([
    ...leaks.filter(({ type }) => type === 'clip'),
    ...(speakers === 'independent' ? speakerLeaks(clips) : []),
  ]);
  const leftOut = leaks.map(({ trained }) => trained!);
  const training = selectExamples(wanted, ({ name }) => !leftOut.includes(name));
  const nothing = leftOut.length > 0 ? 'nothing but recordings that it tests under other names' : 'nothing';
  if (training.examples.length === 0) refuse(fold.name, `it trains on ${nothing}`);
  if (test.examples.length === 0) refuse(fold.name, 'it tests nothing');
  const trained = new Set(training.examples.map(({ label }) => label));
  const unknown = test.examples.find(({ label }) => !trained.has(label));
  if (unknown)
    refuse(fold.name, `it tests '${data.labels[unknown.label]}' (${unknown.name}) and trains on no clip of it`);
  return { name: fold.name, training, leftOut, test };
}

function refuse(fold: string, why: string): never {
  throw new RangeError(`Cannot cross-validate: fold ${fold} cannot be used, ${why}`);
}

/** @throws {RangeError} with the first, if there is one */
function refuseLeak([leak]: readonly Leak[]): void {
  if (leak) throw new RangeError(`Cannot cross-validate: ${leak.message}`);
}
