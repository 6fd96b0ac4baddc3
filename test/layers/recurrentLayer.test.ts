import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import '../../src/layers/register.ts';
import { Dropout } from '../../src/layers/dropout.ts';
import { MeanPooling } from '../../src/layers/pooling/meanPooling.ts';
import { setTrainingStep } from '../../src/layers/trainingStep.ts';
import { expectClose, normalTensor, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';
import { built } from '../support/layers.ts';
import { testAgainstPyTorch } from './pytorch.ts';
import { listed, makers } from './recurrent.ts';

await describeBackends(allBackends, 'recurrent layers', () => testAgainstPyTorch(2e-6));

await describeBackends(['cpu', 'wasm'], 'recurrent layers', () => {
  for (const [name, make] of Object.entries(makers)) {
    test(`${name}: the last output and the states are those of the frames read last`, async () => {
      await expectNoLeak(async () => {
        const options = { units: 3, direction: 'bidirectional' as const, seed: 2 };
        const whole = built(make(options), [null, null, 2]);
        const short = built(make({ ...options, returnSequences: false, returnState: true }), [null, null, 2]);
        const x = normalTensor<tf.Rank.R3>('x', [2, 4, 2]);
        const [y, last, ...states] = await take(...listed(whole.apply(x)), ...listed(short.apply(x)));
        const at = (b: number, t: number, u: number) => y![(b * 4 + t) * 6 + u]!;
        const expected = [0, 1].flatMap((b) => [0, 1, 2, 3, 4, 5].map((u) => at(b, u < 3 ? 3 : 0, u)));
        expect([...last!]).toEqual(expected);
        const [forward, backward] = [states[0]!, states[states.length / 2]!];
        expect([...forward.slice(0, 3), ...backward.slice(0, 3)]).toEqual(expected.slice(0, 6));
        const shapes = [[2, 6], ...states.map(() => [2, 3])];
        expect(short.computeOutputShape([2, 4, 2])).toEqual(shapes);
        x.dispose();
        whole.dispose();
        short.dispose();
      });
    });

    test(`${name}, stateful: pieces give what the whole gives, until the states are reset`, async () => {
      await expectNoLeak(async () => {
        const plain = built(make({ units: 4, seed: 3 }), [null, null, 2]);
        const layer = built(make({ units: 4, stateful: true, seed: 3 }), [null, null, 2]);
        const x = normalTensor<tf.Rank.R3>('x', [2, 7, 2]);
        const pieces = tf.split(x, [3, 1, 3], 1);
        const run = () => pieces.map((piece) => layer.apply(piece) as tf.Tensor);
        const joined = (parts: tf.Tensor[]) => tf.tidy(() => tf.concat(parts, 1));
        const first = run();
        const later = run();
        layer.resetStates();
        const again = run();
        const results = [plain.apply(x) as tf.Tensor, ...[first, later, again].map(joined)];
        const [whole, inPieces, carriedOn, afterReset] = await take(...results);
        expectClose(inPieces!, whole!, 1e-7);
        expect(afterReset).toEqual(inPieces);
        expect(carriedOn).not.toEqual(inPieces);
        tf.dispose([x, pieces, first, later, again]);
        plain.dispose();
        layer.dispose(); // and with it the states
      });
    });

    test(`${name}: built again from its configuration, gives the same`, async () => {
      await expectNoLeak(async () => {
        const x = normalTensor<tf.Rank.R3>('x', [2, 4, 3]);
        const layer = make({
          units: 3,
          direction: 'bidirectional',
          returnSequences: false,
          inputDropout: 0.4,
          seed: 4,
        });
        const input = tfl.input({ shape: [null, 3] });
        const model = tfl.model({ inputs: input, outputs: layer.apply(input) as tfl.SymbolicTensor });
        const again = await tfl.models.modelFromJSON(model.toJSON(undefined, false) as never);
        again.setWeights(model.getWeights());
        const results = [model, again].map((one) => one.apply(x, { training: true }) as tf.Tensor);
        const [expected, actual] = await take(...results);
        expect(actual).toEqual(expected);
        expect(again.layers[1]!.getConfig()).toEqual(layer.getConfig());
        x.dispose();
        model.dispose();
        again.dispose();
      });
    });
  }

  test('states from other layers of a model', async () => {
    await expectNoLeak(async () => {
      const make = (options: object) => makers.lstm!({ units: 3, seed: 5, ...options });
      const source = tfl.input({ shape: [null, 2] });
      const target = tfl.input({ shape: [null, 2] });
      const [encoder, decoder] = [make({ returnSequences: false, returnState: true }), make({ seed: 6 })];
      const [, ...states] = encoder.apply(source) as tfl.SymbolicTensor[];
      const output = decoder.apply([target, ...states]) as tfl.SymbolicTensor;
      const model = tfl.model({ inputs: [source, target], outputs: output });
      const again = await tfl.models.modelFromJSON(model.toJSON(undefined, false) as never);
      again.setWeights(model.getWeights());
      const [a, b] = [normalTensor<tf.Rank.R3>('a', [2, 4, 2]), normalTensor<tf.Rank.R3>('b', [2, 3, 2])];
      const eager = listed(encoder.apply(a));
      const results = [decoder.apply([b, ...eager.slice(1)]), ...[model, again].map((one) => one.predict([a, b]))];
      const [expected, actual, fromJson] = await take(...(results as tf.Tensor[]));
      expect(actual).toEqual(expected);
      expect(fromJson).toEqual(expected);
      tf.dispose([a, b, eager]);
      model.dispose();
      again.dispose();
    });
  });

  test('a mask passes through a stack of layers to the pooling: padding makes no difference', async () => {
    await expectNoLeak(async () => {
      const layers = [
        tfl.layers.masking({ maskValue: 0 }),
        makers.lstm!({ units: 3, direction: 'bidirectional', seed: 1 }),
        new Dropout({ rate: 0.2, seed: 2 }),
        makers.gru!({ units: 4, direction: 'backward', seed: 3 }),
        new MeanPooling(),
      ];
      const input = tfl.input({ shape: [null, 2] });
      const outputs = layers.reduce((x, layer) => layer.apply(x) as tfl.SymbolicTensor, input);
      const model = tfl.model({ inputs: input, outputs });
      const x = normalTensor<tf.Rank.R3>('x', [2, 4, 2]);
      const padded = tf.pad(x, [
        [0, 0],
        [0, 3],
        [0, 0],
      ]);
      const [expected, actual] = await take(model.predict(x) as tf.Tensor, model.predict(padded) as tf.Tensor);
      expectClose(actual!, expected!, 1e-6);
      tf.dispose([x, padded]);
      model.dispose();
    });
  });

  test('a layer passes the mask on with its output of frames, not with its states', async () => {
    await expectNoLeak(() => {
      const [x, mask] = [tf.zeros([2, 4, 2]), tf.ones([2, 4], 'bool')];
      const masks = (options: object) => makers.lstm!({ units: 3, seed: 1, ...options }).computeMask(x, [mask]);
      expect(masks({})).toBe(mask);
      expect(masks({ returnSequences: false })).toBeNull();
      expect(masks({ returnState: true })).toEqual([mask, null, null]);
      expect(masks({ returnState: true, direction: 'bidirectional' })).toEqual([mask, null, null, null, null]);
      tf.dispose([x, mask]);
    });
  });

  test('inputDropout is the Dropout of unit channel with the same seed', async () => {
    await expectNoLeak(async () => {
      const layer = built(makers.gru!({ units: 4, inputDropout: 0.5, seed: 7 }), [null, null, 6]);
      const plain = built(makers.gru!({ units: 4, seed: 7 }), [null, null, 6]);
      const dropout = built(new Dropout({ rate: 0.5, unit: 'channel', seed: 7 }), [null, null, 6]);
      const x = normalTensor<tf.Rank.R3>('x', [3, 4, 6]);
      setTrainingStep({ layers: [layer, dropout] }, 9);
      const dropped = dropout.apply(x, { training: true }) as tf.Tensor;
      const results = [layer.apply(x, { training: true }), plain.apply(dropped), layer.apply(x), plain.apply(x)];
      const [inTraining, expected, otherwise, without] = await take(...(results as tf.Tensor[]));
      expect(inTraining).toEqual(expected);
      expect(otherwise).toEqual(without);
      expect(inTraining).not.toEqual(otherwise);
      tf.dispose([x, dropped]);
      layer.dispose();
      plain.dispose();
      dropout.dispose();
    });
  });

  test('stateful: no gradient flows into the call before', async () => {
    await expectNoLeak(async () => {
      const layer = built(makers.lstm!({ units: 3, stateful: true, seed: 8 }), [null, null, 2]);
      const [first, second] = [normalTensor<tf.Rank.R3>('a', [1, 2, 2]), normalTensor<tf.Rank.R3>('b', [1, 2, 2])];
      const both = tf.grads((a, b) => {
        layer.apply(a);
        return layer.apply(b) as tf.Tensor;
      });
      const [byFirst, bySecond] = await take(...both([first, second]));
      expect([...byFirst!]).toEqual([0, 0, 0, 0]);
      expect(bySecond!.every((value) => value !== 0)).toBe(true);
      tf.dispose([first, second]);
      layer.dispose();
    });
  });

  test('rejected states leave nothing behind', async () => {
    await expectNoLeak(() => {
      const layer = built(makers.lstm!({ units: 3, stateful: true, seed: 9 }), [null, null, 2]);
      const [x, wide, state] = [tf.zeros([2, 4, 2]), tf.zeros([3, 4, 2]), tf.zeros([2, 3])];
      expect(() => layer.apply([x, state])).toThrow(
        /Cannot call Lstm: states must be 2 of shape \[2, 3\], got \[2, 3\]$/,
      );
      tf.dispose(layer.apply(x) as tf.Tensor);
      expect(() => layer.apply(wide)).toThrow(/states must be 2 of shape \[3, 3\], got \[2, 3\], \[2, 3\]/);
      layer.dispose();
      tf.dispose([x, wide, state]);
    });
  });
});

test.each([
  [{ units: 0, seed: 1 }, /Cannot make Lstm: units must be a whole number from 1 to 4096, got 0/],
  [
    { units: 2, direction: 'both', seed: 1 },
    /direction must be one of 'forward', 'backward', 'bidirectional', got "both"/,
  ],
  [{ units: 2, recurrentDropout: 1, seed: 1 }, /recurrentDropout must be a number from 0 to below 1, got 1/],
  [{ units: 2, inputDropout: -1, seed: 1 }, /inputDropout must be a number from 0 to below 1, got -1/],
  [
    { units: 2, stateful: true, direction: 'backward', seed: 1 },
    /direction must be forward where stateful, got backward/,
  ],
])('rejects %j', (options, message) => {
  expect(() => makers.lstm!(options as never)).toThrow(message);
});
