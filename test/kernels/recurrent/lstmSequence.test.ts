import { lstmSequence } from '../../../src/kernels/recurrent/lstmSequence.ts';
import { allBackends, describeBackends } from '../../support/backends.ts';
import { type CellTest, sigmoid, testCell } from './sequences.ts';

/** Hochreiter & Schmidhuber with forget gates, gate by gate. */
const cell: CellTest = {
  gates: 4,
  ownInputs: ({ batch, units }) => ({ initialCell: [batch, units] }),
  run: (inputs, { reverse }) => {
    const { y, lastCell } = lstmSequence(inputs, { reverse });
    return [y, lastCell];
  },
  frame({ sum, recurrent, states: [h, c] }, _values, units) {
    const gate = (column: number) => sum(column) + recurrent(column, h!);
    const next = c!.map(
      (cell, u) => sigmoid(gate(units + u)) * cell + sigmoid(gate(u)) * Math.tanh(gate(2 * units + u)),
    );
    return [next.map((cell, u) => sigmoid(gate(3 * units + u)) * Math.tanh(cell)), next];
  },
};

await describeBackends(allBackends, 'lstmSequence', () => testCell(cell));
