import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the stock gradients
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { dense } from '../../../src/kernels/dense.ts';
import { freeingTape, nodeOf } from '../../../src/kernels/tfjs/tape.ts';
import { expectNoLeak } from '../../support/backends.ts';

beforeAll(async () => void (await tf.setBackend('cpu')));
afterEach(() => vi.restoreAllMocks());

const inputs = () => ({
  x: tf.ones<tf.Rank.R2>([2, 3]),
  kernel: tf.ones<tf.Rank.R2>([3, 4]),
  bias: tf.zeros<tf.Rank.R1>([4]),
});
const run = ({ x, kernel, bias }: ReturnType<typeof inputs>) => dense(x, kernel, bias);

test('this version of tfjs records an operation on a tape while a gradient is worked out, and not otherwise', async () => {
  await expectNoLeak(() =>
    tf.tidy(() => {
      expect(nodeOf(tf.square(2))).toBeUndefined();
      let node: ReturnType<typeof nodeOf>;
      tf.grad((x) => {
        const y = tf.square(x);
        node = nodeOf(y);
        return y;
      })(tf.scalar(2));
      expect(node?.saved).toHaveLength(1);
    }),
  );
});

test('where a pass throws, what it saved is freed', async () => {
  await expectNoLeak(() => {
    const own = inputs();
    const pass = () =>
      tf.tidy(() =>
        tf.grad((x) => {
          run({ ...own, x: x as tf.Tensor2D });
          throw new Error('in a layer');
        })(own.x),
      );
    expect(() => freeingTape(pass)).toThrow('in a layer');
    tf.dispose(own);
  });
});

test.each([
  ['gradientDepth', /4\.\d+\.\d+: it has no engine\(\)\.state\.gradientDepth/],
  ['activeTape', /4\.\d+\.\d+: it has no engine\(\)\.state\.activeTape/],
])('a tfjs without its state.%s gets an error that names its version', (field, message) => {
  const { state } = tf.engine();
  tf.tidy(() => {
    const own = inputs();
    const pass = () =>
      tf.grad((x) => {
        vi.spyOn(tf.engine(), 'state', 'get' as never).mockReturnValue({ ...state, [field]: undefined } as never);
        try {
          nodeOf(x);
        } finally {
          vi.restoreAllMocks();
        }
        return run({ ...own, x: x as tf.Tensor2D });
      })(own.x);
    expect(pass).toThrow(message);
  });
});
