// an ExampleSet of any origin → the same, or an error that names the invalid clip

import { areFinite } from '../core/areFinite.ts';
import { checkArray, checkInteger, checkNumber, checkObject, shown, typeName } from '../core/check.ts';
import { isFloat32Array } from '../core/realm.ts';
import { FeatureExtractor } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { resolveCopies } from './copies.ts';
import type { Example, ExampleSet } from './exampleSet.ts';

/**
 * Checks that a set can be trained on and evaluated on: its clips match its labels, features, speeds and copies, no two clips have one name,
 * and every number is finite.
 *
 * @param name of the set in messages
 * @returns the set
 * @throws {RangeError | TypeError} naming the invalid clip
 */
export function checkExamples(action: string, set: ExampleSet, name = 'data'): ExampleSet {
  checkObject(action, name, set);
  const { labels, features, speeds, copies = [], examples } = set;
  checkLabels(action, `${name}.labels`, labels);
  checkArray(action, `${name}.speeds`, speeds);
  for (const speed of speeds) checkNumber(action, `${name}.speeds`, speed, 0.5, 2);
  if (speeds[0] !== 1) throw new RangeError(`Cannot ${action}: ${name}.speeds must begin with 1, got ${speeds[0]}`);
  resolveCopies(action, `${name}.copies`, copies);
  const { bins } = extractorOf(action, name, features);
  checkArray(action, `${name}.examples`, examples);
  for (const [i, example] of examples.entries()) {
    checkObject(action, `${name}.examples[${i}]`, example);
    checkExample(action, example, { labels: labels.length, speeds: speeds.length, copies: copies.length, bins });
  }
  checkNames(action, examples);
  return set;
}

/**
 * Checks that sets can be trained and validated on: they have clips and the same labels and features, and no clip is in both.
 *
 * @throws {RangeError | TypeError} when they are not
 */
export function checkTrainingSets(action: string, data: ExampleSet, validation: ExampleSet | undefined): void {
  if (checkExamples(action, data).examples.length === 0) {
    throw new RangeError(`Cannot ${action}: there must be examples, got none`);
  }
  if (validation === undefined) return;
  if (checkExamples(action, validation, 'validation').examples.length === 0) {
    throw new RangeError(`Cannot ${action}: validation must hold examples, got none`);
  }
  for (const part of ['labels', 'features'] as const) {
    if (JSON.stringify(validation[part]) !== JSON.stringify(data[part])) {
      throw new RangeError(`Cannot ${action}: validation must have the ${part} of the training data`);
    }
  }
  const names = new Set(data.examples.map(({ name }) => name));
  const shared = validation.examples.find(({ name }) => names.has(name));
  if (!shared) return;
  throw new RangeError(`Cannot ${action}: validation must share no clip with the training data, got '${shared.name}'`);
}

/** Checks names of labels: one or more, no two the same. */
export function checkLabels(action: string, name: string, labels: readonly string[]): void {
  checkArray(action, name, labels);
  const odd = labels.find((label) => typeof label !== 'string' || label === '');
  if (odd !== undefined) throw new TypeError(`Cannot ${action}: ${name} must be strings, got ${shown(odd)}`);
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined) throw new RangeError(`Cannot ${action}: ${name} must be different, got '${twice}' twice`);
  if (labels.length === 0) throw new RangeError(`Cannot ${action}: ${name} must hold labels, got none`);
}

/** Checks that names are unique, as folds and leak checks need it. */
export function checkNames(action: string, named: readonly { readonly name: string }[], what = 'names'): void {
  const names = new Set<string>();
  for (const { name } of named) {
    if (names.has(name)) throw new RangeError(`Cannot ${action}: ${what} must be unique, got '${name}' twice`);
    names.add(name);
  }
}

/** The extractor whose options a set names. */
function extractorOf(action: string, name: string, features: ExampleSet['features']): FeatureExtractor {
  try {
    return new FeatureExtractor(checkObject(action, 'features', features));
  } catch (cause) {
    const { message } = cause as Error;
    throw new RangeError(`Cannot ${action}: ${name}.features must be a FeatureExtractor's options: ${message}`, {
      cause,
    });
  }
}

interface Wanted {
  readonly labels: number;
  readonly speeds: number;
  readonly copies: number;
  readonly bins: number;
}

function checkExample(action: string, example: Example, wanted: Wanted): void {
  const { name, label, speaker, groups, corpus, asked, variants } = example;
  if (typeof name !== 'string') throw new TypeError(`Cannot ${action}: name must be a string, got ${typeName(name)}`);
  checkInteger(action, `the label of '${name}'`, label, 0, wanted.labels - 1);
  if (typeof speaker !== 'string') {
    throw new TypeError(`Cannot ${action}: the speaker of '${name}' must be a string, got ${typeName(speaker)}`);
  }
  if (corpus !== undefined && typeof corpus !== 'string') {
    throw new TypeError(`Cannot ${action}: the corpus of '${name}' must be a string, got ${typeName(corpus)}`);
  }
  if (asked !== undefined) checkAsked(action, `the labels asked for of '${name}'`, asked, label, wanted.labels);
  for (const [group, value] of Object.entries(checkObject(action, `the groups of '${name}'`, groups))) {
    if (typeof value === 'string') continue;
    throw new TypeError(`Cannot ${action}: the group ${group} of '${name}' must be a string, got ${typeName(value)}`);
  }
  checkArray(action, `the variants of '${name}'`, variants);
  if (variants.length < 1 || variants.length > wanted.speeds + wanted.copies) {
    const rule = `1 to ${wanted.speeds + wanted.copies}, at most one for each speed${wanted.copies > 0 ? ' and copy' : ''}`;
    throw new RangeError(`Cannot ${action}: the variants of '${name}' must be ${rule}, got ${variants.length}`);
  }
  for (const matrix of variants) {
    checkMatrix(
      action,
      `the features of '${name}'`,
      checkObject(action, `the variants of '${name}'`, matrix),
      wanted.bins,
    );
  }
}

function checkAsked(action: string, name: string, asked: readonly number[], label: number, labels: number): void {
  for (const [i, index] of checkArray(action, name, asked).entries()) {
    checkInteger(action, name, index, i === 0 ? 0 : asked[i - 1]! + 1, labels - 1);
  }
  if (!asked.includes(label))
    throw new RangeError(`Cannot ${action}: ${name} must hold its own, ${label}, got ${asked}`);
}

function checkMatrix(action: string, name: string, { values, frames, bins }: FeatureMatrix, wanted: number): void {
  if (bins !== wanted) throw new RangeError(`Cannot ${action}: ${name} must have ${wanted} bins, got ${bins}`);
  checkInteger(action, `the frames of ${name}`, frames, 1, Number.MAX_SAFE_INTEGER);
  if (!isFloat32Array(values)) {
    throw new TypeError(`Cannot ${action}: ${name} must be a Float32Array, got ${typeName(values)}`);
  }
  if (values.length !== frames * bins) {
    throw new RangeError(`Cannot ${action}: ${name} must be ${frames} × ${bins} numbers, got ${values.length}`);
  }
  if (!areFinite(values)) throw new RangeError(`Cannot ${action}: ${name} must be finite, got others`);
}
