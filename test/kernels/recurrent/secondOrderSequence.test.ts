import { describe } from 'vitest';
import { secondOrderSequence } from '../../../src/kernels/recurrent/secondOrderSequence.ts';
import { allBackends, describeBackends } from '../../support/backends.ts';
import { activations, type CellTest, testCell } from './sequences.ts';

await describeBackends(allBackends, 'secondOrderSequence', () => {
  for (const activation of ['tanh', 'relu'] as const) {
    const cell: CellTest = {
      gates: 1,
      lacks: ['recurrentKernel'],
      ownInputs: ({ features, units }) => ({ kernel: [features, units * units] }),
      recurrentInputs: ['kernel'],
      run: (inputs, { reverse }) => [secondOrderSequence(inputs, { reverse, activation })],
      // h_i = φ(b_i + Σ_j Σ_k W_jki x_j s_k)
      frame: ({ states: [h], b, row }, { x, kernel, bias, recurrentMask }, units) => [
        h!.map((_, i) => {
          const features = kernel!.length / units ** 2;
          let z = bias![i]!;
          for (let j = 0; j < features; j++) {
            for (let k = 0; k < units; k++) {
              const state = h![k]! * recurrentMask![b * units + k]!;
              z += kernel![(j * units + k) * units + i]! * x![row * features + j]! * state;
            }
          }
          return activations[activation](z);
        }),
      ],
    };
    describe(activation, () => testCell(cell));
  }
});
