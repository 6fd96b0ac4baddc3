import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Fingerprint, floatsHash } from '../../src/core/fingerprint.ts';
import type { Example, ExampleSet } from '../../src/exampleSet/exampleSet.ts';
import { networkHash, networkText } from '../../src/model/networkHash.ts';
import { resolveTrainOptions } from '../../src/training/resolveTrainOptions.ts';
import { addTraining } from '../../src/training/trainingFingerprint.ts';
import type { TrainOptions } from '../../src/training/trainOptions.ts';
import { expectNoLeak } from '../support/backends.ts';
import { network, synthetic } from './synthetic.ts';

beforeAll(() => tf.setBackend('cpu'));

const data = synthetic({ clips: 6 });
const validation = synthetic({ clips: 3, prefix: 'held' });
const teacher = { probabilities: new Map(data.examples.map(({ name }) => [name, [0.5, 0.3, 0.2]])) };

const printOf = (set: ExampleSet, options: TrainOptions = {}) =>
  addTraining(new Fingerprint(), resolveTrainOptions(set, options), set, options).toString();

/** The set with one clip changed. */
const with1 = (set: ExampleSet, change: (example: Example) => Partial<Example>): ExampleSet => ({
  ...set,
  examples: set.examples.map((example, i) => (i === 1 ? { ...example, ...change(example) } : example)),
});

/** The clip's features with one bit of one number of a variant flipped. */
const bitFlipped = (variant: number) => (example: Example) => ({
  variants: example.variants.map((matrix, i) => {
    if (i !== variant) return matrix;
    const values = matrix.values.slice();
    new Uint32Array(values.buffer)[7]! ^= 1;
    return { ...matrix, values };
  }),
});

describe('a fingerprint', () => {
  it('is the same for the same network, built again', () => {
    const options = { validation, teacher, auxiliary: { parity: 0.5 } };
    expect(printOf(synthetic({ clips: 6 }), options)).toBe(printOf(data, options));
  });

  it('differs where anything does that a training follows from', () => {
    const options = { validation, teacher, auxiliary: { parity: 0.5 } };
    const swapped = teacher.probabilities.get('clip0')!.with(0, 0.5 + 1e-12); // less than a float tells apart
    const others: [string, string][] = [
      ['an option', printOf(data, { ...options, epochs: 61 })],
      ['no validation', printOf(data, { ...options, validation: undefined })],
      ['no teacher', printOf(data, { ...options, teacher: undefined })],
      ['share', printOf(data, { ...options, teacher: { ...teacher, weight: 0.6 } })],
      [
        'what the teacher says',
        printOf(data, { ...options, teacher: { probabilities: new Map(teacher.probabilities).set('clip0', swapped) } }),
      ],
      [
        'a group',
        printOf(
          with1(data, ({ groups }) => ({ groups: { ...groups, parity: 'odd' } })),
          options,
        ),
      ],
      [
        'a speaker',
        printOf(
          with1(data, () => ({ speaker: 'zoe' })),
          options,
        ),
      ],
      [
        'a label',
        printOf(
          with1(data, () => ({ label: 0 })),
          options,
        ),
      ],
      ['features', printOf(with1(data, bitFlipped(0)), options)],
      ['features of a copy', printOf(with1(data, bitFlipped(1)), options)],
      ['features of validation', printOf(data, { ...options, validation: with1(validation, bitFlipped(0)) })],
      ['label of validation', printOf(data, { ...options, validation: with1(validation, () => ({ label: 0 })) })],
      ['order', printOf({ ...data, examples: data.examples.toReversed() }, options)],
      ['speeds', printOf({ ...data, speeds: [1, 1.2] }, options)],
    ];
    const all = [printOf(data, options), ...others.map(([, print]) => print)];
    for (const [what, print] of others)
      expect(
        all.filter((one) => one === print),
        what,
      ).toHaveLength(1);
  });

  it('differs where one word does (property)', () => {
    const word = fc.uint8Array({ minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 9 }), fc.nat(), fc.nat(31), (words, place, bit) => {
        const floats = new Float32Array(Uint8Array.from(words.flatMap((own) => [...own])).buffer);
        const other = floats.slice();
        new Uint32Array(other.buffer)[place % words.length]! ^= 1 << bit;
        expect(floatsHash(other)).not.toBe(floatsHash(floats));
      }),
    );
  });

  it('depends on where an array of weights ends', () => {
    expect(floatsHash(Float32Array.of(1, 2))).not.toBe(floatsHash(Float32Array.of(1), Float32Array.of(2)));
  });
});

describe("a network's text and hash", () => {
  const inputs = tfl.input({ shape: [12, 8] });
  const pooled = () => tfl.layers.globalAveragePooling1d({}).apply(inputs) as tfl.SymbolicTensor;
  const dense = (activation: 'relu' | 'relu6' | 'tanh', name?: string, seed = 1) =>
    tfl.model({
      inputs,
      outputs: tfl.layers
        .dense({
          units: 3,
          activation,
          ...(name && { name }),
          kernelInitializer: tfl.initializers.glorotUniform({ seed }),
        })
        .apply(pooled()) as tfl.SymbolicTensor,
    });

  it('are those of another one that is built in the same way', async () => {
    for (const build of [network, () => dense('relu')]) {
      const [one, other] = [build(), build()];
      expect(one.layers.at(-1)!.name).not.toBe(other.layers.at(-1)!.name); // tfjs counts on
      expect(networkText(other)).toBe(networkText(one));
      expect(await networkHash(other)).toBe(await networkHash(one));
      for (const each of [one, other]) each.dispose();
    }
  });

  it('differ where a layer does, whatever it is called', () => {
    const texts = [dense('relu'), dense('relu6'), dense('tanh')].map(networkText);
    expect(new Set(texts).size).toBe(3);
    expect(networkText(dense('tanh', 'tanh'))).not.toBe(networkText(dense('relu', 'relu')));
  });

  it('differ where a weight does: the hash', async () => {
    await expectNoLeak(async () => {
      const [one, other] = [network(), network()];
      const before = await networkHash(one);
      const [kernel] = other.trainableWeights;
      tf.tidy(() => void kernel!.write(tf.add(kernel!.read(), 1e-7)));
      expect(await networkHash(other)).not.toBe(before);
      expect(networkText(other)).toBe(networkText(one));
      for (const each of [one, other]) each.dispose();
    });
  });
});
