// name of a cell in options → the recurrent layer that runs it
//
// The one list of recurrent cells. From a line here follow, in `buildCnnLstm`, the name that `recurrent.cell` takes, the options
// beside it (what the layer's have beyond `RecurrentLayerOptions`; the layer itself checks them and has their defaults), the layers
// that are built, and that models with them can be loaded. Nothing else has to be stated.
//
// Hosts add cells without a name: a function as the part, `recurrent: (x) => new MyCell(…).apply(x)`.

import { Elman } from './recurrent/elman.ts';
import { Gru } from './recurrent/gru.ts';
import { IndRnn } from './recurrent/indRnn.ts';
import { Lstm } from './recurrent/lstm.ts';
import { MultiplicativeLstm, MultiplicativeRnn } from './recurrent/multiplicative.ts';
import type { RecurrentLayer } from './recurrent/recurrentLayer.ts';
import { type RecurrentLayerOptions, resolveRecurrentOptions } from './recurrent/recurrentOptions.ts';
import { SecondOrder } from './recurrent/secondOrder.ts';

/** Recurrent layers by the names of their cells. */
export const CELLS = {
  /** Long short-term memory. */
  lstm: Lstm,
  /** Gated recurrent unit. */
  gru: Gru,
  /** Multiplicative LSTM. */
  multiplicativeLstm: MultiplicativeLstm,
  /** Fully recurrent network. */
  elman: Elman,
  /** Second-order network. */
  secondOrder: SecondOrder,
  /** Multiplicative recurrent network. */
  multiplicativeRnn: MultiplicativeRnn,
  /** Independently recurrent network. */
  indrnn: IndRnn,
} satisfies Record<string, CellClass>;

/** Which recurrent layer reads the frames: one of {@link CELLS}. */
export type RecurrentCell = keyof typeof CELLS;

/** The options of a cell beyond those of every recurrent layer, such as a GRU's `resetAfter`. */
export type OwnCellOptions<Cell extends RecurrentCell> = Omit<
  ConstructorParameters<(typeof CELLS)[Cell]>[0],
  keyof RecurrentLayerOptions
>;

/**
 * Fills in defaults of a cell's options beyond those of every recurrent layer; without any given, the result has all names and defaults.
 *
 * @throws {RangeError} when an option is out of range
 * @throws {TypeError} when an option is of the wrong type or the layer has none of that name
 */
export function resolveOwnCellOptions(cell: RecurrentCell, own: object = {}): Readonly<Record<string, unknown>> {
  const required = { units: 1, seed: 0 };
  const { options } = new CELLS[cell]({ name: cell, ...required, ...own });
  const ofEveryCell = resolveRecurrentOptions('a recurrent layer', required);
  return Object.fromEntries(Object.entries(options).filter(([name]) => !(name in ofEveryCell)));
}

interface CellClass {
  new (options: RecurrentLayerOptions): RecurrentLayer;
  readonly className: string;
}
