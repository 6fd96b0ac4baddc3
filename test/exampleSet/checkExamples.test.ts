import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crossValidate } from '../../src/crossValidation/crossValidate.ts';
import { trainEnsemble } from '../../src/crossValidation/ensemble.ts';
import { evaluate } from '../../src/evaluation/evaluate.ts';
import { predictExamples } from '../../src/evaluation/labelledPredictions.ts';
import { checkExamples } from '../../src/exampleSet/checkExamples.ts';
import { examplesToBytes } from '../../src/exampleSet/exampleBytes.ts';
import type { Example, ExampleSet } from '../../src/exampleSet/exampleSet.ts';
import { mergeExamples } from '../../src/exampleSet/examples.ts';
import type { TrainedModel } from '../../src/model/trainedModel.ts';
import { train } from '../../src/training/train.ts';
import { expectNoLeak } from '../support/backends.ts';
import { BINS, network, synthetic } from '../training/synthetic.ts';

/* Sets that are none, wherever one is taken. */

const data = synthetic({ clips: 12 });
const more = synthetic({ clips: 3, prefix: 'more' });
const options = { epochs: 1, batchSize: 6, window: { frames: 12 } };
const folds = [{ name: 'one', train: data.examples.slice(0, 6), test: data.examples.slice(6) }];

const change1 = (change: Partial<Record<keyof Example, unknown>>): ExampleSet => ({
  ...more,
  examples: more.examples.map((example, i) => (i === 1 ? ({ ...example, ...change } as Example) : example)),
});
const variants = (values: unknown, frames: unknown = 9, bins: unknown = BINS) => {
  const matrix = { values, frames, bins };
  return { variants: [matrix, matrix] };
};
const floats = (frames: number) => new Float32Array(frames * BINS);

const BROKEN: [string, unknown, RegExp][] = [
  ['no set', null, /must be an object, got null/],
  ['no examples', { ...more, examples: undefined }, /examples must be an array/],
  ['an example that is none', { ...more, examples: [null] }, /examples\[0\] must be an object, got null/],
  ['labels that are none', { ...more, labels: 'calm' }, /labels must be an array/],
  ['a label twice', { ...more, labels: ['calm', 'sad', 'calm'] }, /labels must be different, got 'calm' twice/],
  ['a label that is no string', { ...more, labels: ['calm', 3, 'sad'] }, /labels must be strings, got 3/],
  ['no speeds', { ...more, speeds: [] }, /speeds must begin with 1/],
  ['speeds of which the first is not 1', { ...more, speeds: [1.1, 1] }, /speeds must begin with 1, got 1.1/],
  ['a speed out of range', { ...more, speeds: [1, 3] }, /speeds must be a number from 0.5 to 2, got 3/],
  [
    'features of no extractor',
    { ...more, features: { type: 'none' } },
    /features must be a FeatureExtractor's options/,
  ],
  ['no features', { ...more, features: null }, /features must be/],
  ['a name that is none', change1({ name: 3 }), /name must be a string/],
  ['a clip twice', change1({ name: 'more0' }), /names must be unique, got 'more0' twice/],
  ['label 99', change1({ label: 99 }), /the label of 'more1' must be a whole number from 0 to 2, got 99/],
  ['label -1', change1({ label: -1 }), /the label of 'more1' must be/],
  ['label NaN', change1({ label: Number.NaN }), /the label of 'more1' must be/],
  ['a label by name', change1({ label: 'calm' }), /the label of 'more1' must be/],
  ['no speaker', change1({ speaker: undefined }), /the speaker of 'more1' must be a string/],
  ['no groups', change1({ groups: undefined }), /the groups of 'more1' must be an object/],
  ['a group that is no string', change1({ groups: { age: 40 } }), /the group age of 'more1' must be a string/],
  ['no variants', change1({ variants: undefined }), /the variants of 'more1' must be an array/],
  [
    'no variant',
    change1({ variants: [] }),
    /the variants of 'more1' must be 1 to 2, at most one for each speed, got 0/,
  ],
  [
    'more variants than speeds',
    change1({ variants: Array(3).fill(more.examples[0]!.variants[0]) }),
    /the variants of 'more1' must be 1 to 2, at most one for each speed, got 3/,
  ],
  ['a variant that is none', change1({ variants: [null, null] }), /the variants of 'more1' must be an object/],
  ['0 frames', change1(variants(floats(0), 0)), /the frames of the features of 'more1' must be .* got 0/],
  ['half a frame', change1(variants(floats(9).subarray(4), 8.5)), /the frames of the features of 'more1' must be/],
  ['other bins', change1(variants(floats(9), 18, BINS / 2)), /the features of 'more1' must have 8 bins, got 4/],
  ['too few numbers', change1(variants(floats(8))), /the features of 'more1' must be 9 × 8 numbers, got 64/],
  ['numbers in a plain array', change1(variants(Array.from(floats(9)))), /must be a Float32Array/],
  ['NaN', change1(variants(floats(9).fill(Number.NaN, 3, 4))), /the features of 'more1' must be finite/],
  ['infinity', change1(variants(floats(9).fill(-Infinity, 3, 4))), /the features of 'more1' must be finite/],
];

let model: TrainedModel;
const net = () => model.network;
beforeAll(async () => {
  await tf.setBackend('cpu');
  ({ model } = await train(network(), data, options));
});
afterAll(() => net().dispose());

const build = network;
const TAKERS: [string, string, (set: ExampleSet) => unknown][] = [
  ['train', 'train', (set) => withNetwork((own) => train(own, set, options))],
  ['train, to validate on', 'train', (set) => withNetwork((own) => train(own, data, { ...options, validation: set }))],
  ['trainEnsemble', 'train', (set) => trainEnsemble(set, { build, seeds: [1], train: options })],
  ['crossValidate', 'cross-validate', (set) => crossValidate(set, folds, { build, train: options })],
  [
    'crossValidate, as extra',
    'cross-validate',
    (extra) => crossValidate(data, folds, { build, train: options, extra }),
  ],
  ['evaluate', 'evaluate', (set) => evaluate(model, set)],
  ['predictExamples', 'predict examples', (set) => predictExamples(model, set)],
  ['examplesToBytes', 'write the examples', async (set) => examplesToBytes(set)],
  ['mergeExamples', 'merge examples', async (set) => mergeExamples(set)],
];

async function withNetwork(run: (own: ReturnType<typeof network>) => Promise<unknown>): Promise<unknown> {
  const own = network();
  try {
    return await run(own);
  } finally {
    own.dispose();
  }
}

describe.each(TAKERS)('%s', (_, action, take) => {
  it.each(BROKEN)('refuses a set with %s in words, and leaves nothing', async (__, set, message) => {
    await expectNoLeak(async () => {
      const error = await Promise.resolve(take(set as ExampleSet)).then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      expect(error?.message).toMatch(message);
      expect(error?.message.startsWith(`Cannot ${action}: `)).toBe(true);
      expect([RangeError, TypeError]).toContain(error?.constructor);
    });
  });
});

describe('checkExamples', () => {
  it('takes what it can work with, arrays of another realm among it', () => {
    expect(checkExamples('train', data)).toBe(data);
    expect(checkExamples('train', { ...data, examples: [] }).examples).toEqual([]);
    checkExamples('train', change1({ variants: [more.examples[1]!.variants[0]] })); // tested, and not trained on at other speeds
    const foreign = runInNewContext(`new Float32Array(${9 * BINS})`);
    expect(foreign).not.toBeInstanceOf(Float32Array);
    checkExamples('train', change1(variants(foreign)));
  });
});
