import { describe } from 'vitest';
import {
  multiplicativeLstmSequence,
  multiplicativeRnnSequence,
} from '../../../src/kernels/recurrent/multiplicativeSequence.ts';
import { allBackends, describeBackends } from '../../support/backends.ts';
import { activations, type Case, type CellTest, lstmStates, testCell, type Values } from './sequences.ts';

const factorInputs = ({ batch, frames, units }: Case) => ({
  factors: [batch, frames, units],
  recurrentFactorKernel: [units, units],
});

/** m·recurrentKernel, column by column; m_v = factor_v · Σ_w s_w V_wv. */
function ofFactored(h: Float64Array, { b, row }: { b: number; row: number }, values: Values, units: number) {
  const { factors, recurrentFactorKernel, recurrentKernel, recurrentMask } = values;
  const m = h.map((_, v) => {
    let product = 0;
    for (let w = 0; w < units; w++) {
      product += h[w]! * recurrentMask![b * units + w]! * recurrentFactorKernel![w * units + v]!;
    }
    return product * factors![row * units + v]!;
  });
  const columns = recurrentKernel!.length / units;
  return (column: number) => m.reduce((sum, value, v) => sum + value * recurrentKernel![v * columns + column]!, 0);
}

await describeBackends(allBackends, 'multiplicative sequences', () => {
  for (const activation of ['tanh', 'relu'] as const) {
    const cell: CellTest = {
      gates: 1,
      ownInputs: factorInputs,
      run: (inputs, { reverse }) => [multiplicativeRnnSequence(inputs, { reverse, activation })],
      frame: ({ sum, states: [h], b, row }, values, units) => {
        const recurrent = ofFactored(h!, { b, row }, values, units);
        return [h!.map((_, u) => activations[activation](sum(u) + recurrent(u)))];
      },
    };
    describe(`RNN, ${activation}`, () => testCell(cell));
  }

  const lstm: CellTest = {
    gates: 4,
    ownInputs: (item) => ({ ...factorInputs(item), initialCell: [item.batch, item.units] }),
    run: (inputs, { reverse }) => {
      const { y, lastCell } = multiplicativeLstmSequence(inputs, { reverse });
      return [y, lastCell];
    },
    frame: ({ sum, states: [h, c], b, row }, values, units) => {
      const recurrent = ofFactored(h!, { b, row }, values, units);
      return lstmStates((column) => sum(column) + recurrent(column), c!, units);
    },
  };
  describe('LSTM', () => testCell(lstm));
});
