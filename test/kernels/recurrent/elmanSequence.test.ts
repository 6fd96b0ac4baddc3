import { describe } from 'vitest';
import { elmanSequence } from '../../../src/kernels/recurrent/elmanSequence.ts';
import { allBackends, describeBackends } from '../../support/backends.ts';
import { activations, type CellTest, testCell } from './sequences.ts';

await describeBackends(allBackends, 'elmanSequence', () => {
  for (const activation of ['tanh', 'relu'] as const) {
    const cell: CellTest = {
      gates: 1,
      run: (inputs, { reverse }) => [elmanSequence(inputs, { reverse, activation })],
      frame: ({ sum, recurrent, states: [h] }) => [
        h!.map((_, u) => activations[activation](sum(u) + recurrent(u, h!))),
      ],
    };
    describe(activation, () => testCell(cell));
  }
});
