import { describe } from 'vitest';
import { indRnnSequence } from '../../../src/kernels/recurrent/indRnnSequence.ts';
import { allBackends, describeBackends } from '../../support/backends.ts';
import { activations, type CellTest, testCell } from './sequences.ts';

await describeBackends(allBackends, 'indRnnSequence', () => {
  for (const activation of ['tanh', 'relu'] as const) {
    const cell: CellTest = {
      gates: 1,
      lacks: ['recurrentKernel'],
      ownInputs: ({ units }) => ({ recurrentWeights: [units] }),
      run: (inputs, { reverse }) => [indRnnSequence(inputs, { reverse, activation })],
      frame: ({ sum, states: [h], b }, { recurrentWeights, recurrentMask }, units) => [
        h!.map((state, u) =>
          activations[activation](sum(u) + recurrentWeights![u]! * state * recurrentMask![b * units + u]!),
        ),
      ],
    };
    describe(activation, () => testCell(cell));
  }
});
