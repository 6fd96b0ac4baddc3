import { describe } from 'vitest';
import { gruSequence } from '../../../src/kernels/recurrent/gruSequence.ts';
import { allBackends, describeBackends } from '../../support/backends.ts';
import { type CellTest, sigmoid, testCell, type Values } from './sequences.ts';

/** The equations of Keras with reset_after=True, which are PyTorch's. */
const resetAfter: CellTest = {
  gates: 3,
  ownInputs: ({ units }) => ({ recurrentBias: [3 * units] }),
  run: (inputs, { reverse }) => [gruSequence(inputs, { reverse, resetAfter: true })],
  frame({ sum, recurrent, states: [h], b }, values, units) {
    const { recurrentBias } = values;
    const product = (column: number) => recurrent(column, h!) + recurrentBias![column]!;
    const z = (u: number) => sigmoid(sum(u) + product(u));
    const r = (u: number) => sigmoid(sum(units + u) + product(units + u));
    const candidate = (u: number) => Math.tanh(sum(2 * units + u) + r(u) * product(2 * units + u));
    return [h!.map((value, u) => z(u) * value + (1 - z(u)) * candidate(u) * keptOf(u, b, values, units))];
  },
};

/** Cho et al. 2014, equations 5 to 8, with biases. */
const resetBefore: CellTest = {
  ...resetAfter,
  run: (inputs, { reverse }) => [gruSequence(inputs, { reverse, resetAfter: false })],
  frame({ sum, recurrent, states: [h], b }, values, units) {
    const z = (u: number) => sigmoid(sum(u) + recurrent(u, h!));
    const reset = h!.map((value, u) => sigmoid(sum(units + u) + recurrent(units + u, h!)) * value);
    const candidate = (u: number) => Math.tanh(sum(2 * units + u) + recurrent(2 * units + u, reset));
    return [h!.map((value, u) => z(u) * value + (1 - z(u)) * candidate(u) * keptOf(u, b, values, units))];
  },
};

/** Semeniuta et al. 2016, equation 10: what training drops is of the candidate. */
function keptOf(u: number, b: number, { updateMask }: Values, units: number): number {
  return updateMask ? updateMask[b * units + u]! : 1;
}

const withDropout = (cell: CellTest): CellTest => ({
  ...cell,
  ownInputs: (item) => ({ ...cell.ownInputs!(item), updateMask: [item.batch, item.units] }),
});

await describeBackends(allBackends, 'gruSequence', () => {
  describe('reset after the product', () => testCell(resetAfter));
  describe('reset before the product', () => testCell(resetBefore, ['recurrentBias']));
  describe('reset after the product, with dropout', () => testCell(withDropout(resetAfter)));
  describe('reset before the product, with dropout', () => testCell(withDropout(resetBefore), ['recurrentBias']));
});
