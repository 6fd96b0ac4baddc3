import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { setBatchPart } from '../../src/layers/batchPart.ts';
import { Dropout } from '../../src/layers/dropout.ts';
import { Gru } from '../../src/layers/recurrent/gru.ts';
import { Lstm } from '../../src/layers/recurrent/lstm.ts';
import { MultiplicativeRnn } from '../../src/layers/recurrent/multiplicative.ts';
import { setTrainingStep } from '../../src/layers/trainingStep.ts';
import { expectClose, normals, take } from '../support/arrays.ts';
import { describeBackends, expectNoLeak, hostBackends } from '../support/backends.ts';

const [clips, frames, features] = [7, 5, 6];
const recurrent = { units: 4, seed: 3, inputDropout: 0.4, recurrentDropout: 0.4, direction: 'bidirectional' } as const;
const LAYERS: Record<string, () => tfl.layers.Layer> = {
  'Dropout of values': () => new Dropout({ rate: 0.5, seed: 3 }),
  'Dropout of channels': () => new Dropout({ rate: 0.5, unit: 'channel', seed: 3 }),
  Lstm: () => new Lstm({ ...recurrent, cellDropout: 0.4 }),
  Gru: () => new Gru({ ...recurrent, cellDropout: 0.4 }),
  MultiplicativeRnn: () => new MultiplicativeRnn(recurrent),
};

await describeBackends(hostBackends, 'setBatchPart', () => {
  test.each(Object.keys(LAYERS))(
    '%s drops of a part what it drops there of the whole (oracle: the whole)',
    async (name) => {
      await expectNoLeak(async () => {
        const layer = LAYERS[name]!();
        const x = tf.tensor3d(normals('x', clips * frames * features), [clips, frames, features]);
        const training = (from: number, to: number) =>
          tf.tidy(() => layer.apply(tf.slice(x, [from, 0, 0], [to - from, -1, -1]), { training: true }) as tf.Tensor);
        setTrainingStep({ layers: [layer] }, 5);
        const [whole] = await take(training(0, clips));
        const bounds = [0, 3, 4, clips];
        const parts: number[] = [];
        for (const [i, to] of bounds.slice(1).entries()) {
          const first = bounds[i]!;
          setBatchPart({ layers: [layer] }, { first, size: to - first, addUp: (numbers) => numbers });
          const [part] = await take(training(first, to));
          parts.push(...part!);
        }
        expectClose(parts, whole!, 1e-6);
        expect(whole!.filter((value) => value === 0).length > 0 || layer instanceof Dropout === false).toBe(true);
        x.dispose();
        layer.dispose();
      });
    },
  );
});
