import { describe } from 'vitest';
import { lstmSequence } from '../../../src/kernels/recurrent/lstmSequence.ts';
import { allBackends, describeBackends } from '../../support/backends.ts';
import { type CellTest, lstmStates, testCell } from './sequences.ts';

/** Hochreiter & Schmidhuber with forget gates, gate by gate. */
const cell: CellTest = {
  gates: 4,
  ownInputs: ({ batch, units }) => ({ initialCell: [batch, units] }),
  run: (inputs, { reverse }) => {
    const { y, lastCell } = lstmSequence(inputs, { reverse });
    return [y, lastCell];
  },
  frame({ sum, recurrent, states: [h, c] }, _values, units) {
    return lstmStates((column) => sum(column) + recurrent(column, h!), c!, units);
  },
};

/** Semeniuta et al. 2016, equation 9: what training drops is of g. */
const withDropout: CellTest = {
  ...cell,
  ownInputs: ({ batch, units }) => ({ initialCell: [batch, units], updateMask: [batch, units] }),
  frame({ sum, recurrent, states: [h, c], b }, { updateMask }, units) {
    const gate = (column: number) => sum(column) + recurrent(column, h!);
    return lstmStates(gate, c!, units, (u) => updateMask![b * units + u]!);
  },
};

await describeBackends(allBackends, 'lstmSequence', () => {
  testCell(cell);
  describe('with dropout of the update', () => testCell(withDropout));
});
