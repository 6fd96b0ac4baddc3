import * as tfl from '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { Elman } from '../../src/layers/recurrent/elman.ts';
import { describeBackends } from '../support/backends.ts';
import { stockOptions, testAgainstStock } from './stockRecurrent.ts';

await describeBackends(['cpu', 'wasm'], 'Elman', () => {
  for (const activation of ['tanh', 'relu'] as const) {
    describe(activation, () =>
      testAgainstStock(
        (options) => new Elman({ ...options, activation }),
        (options) => tfl.layers.simpleRNN({ ...stockOptions, activation, ...options }),
      ),
    );
  }
});

test('rejects an activation that it does not have', () => {
  expect(() => new Elman({ units: 2, activation: 'sigmoid' as never, seed: 1 })).toThrow(
    /Cannot make Elman: activation must be one of 'tanh', 'relu', got "sigmoid"/,
  );
});
