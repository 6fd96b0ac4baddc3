// frames → recurrent layers → frames

import type * as tfl from '@tensorflow/tfjs-layers';
import { checkInteger, checkOneOf, checkOptions, checkShare, type Resolved } from '../core/check.ts';
import { CELLS, type OwnCellOptions, type RecurrentCell, resolveOwnCellOptions } from '../layers/cells.ts';
import { DIRECTIONS, MOST_STATE } from '../layers/recurrent/recurrentOptions.ts';
import type { RecurrentLayersOptions, RecurrentOptions } from './cnnLstmOptions.ts';
import { ACTION, apply, drop, layerSeed, MOST_LAYERS } from './networkPart.ts';

/** A recurrent part with every default filled in, those of the cell's own options too. */
export type ResolvedRecurrentOptions = {
  [Cell in RecurrentCell]: Resolved<RecurrentLayersOptions & OwnCellOptions<Cell>> & { readonly cell: Cell };
}[RecurrentCell];

/**
 * @throws {RangeError} when an option is out of range
 * @throws {TypeError} when an option is of the wrong type or the cell has none of that name
 */
export function resolveRecurrent(recurrent: RecurrentOptions): ResolvedRecurrentOptions {
  const { cell = 'lstm', units = 96, layers = 1, ...rest } = checkOptions(ACTION, recurrent, 'recurrent');
  const { direction = 'bidirectional', inputDropout = 0.3, recurrentDropout = 0, ...own } = rest;
  checkOneOf(ACTION, 'recurrent.cell', cell, Object.keys(CELLS));
  checkInteger(ACTION, 'recurrent.units', units, 1, MOST_STATE);
  checkInteger(ACTION, 'recurrent.layers', layers, 1, MOST_LAYERS);
  checkOneOf(ACTION, 'recurrent.direction', direction, DIRECTIONS);
  checkShare(ACTION, 'recurrent.inputDropout', inputDropout);
  checkShare(ACTION, 'recurrent.recurrentDropout', recurrentDropout);
  const all = { cell, units, layers, direction, inputDropout, recurrentDropout };
  return { ...all, ...resolveOwn(cell, own) } as ResolvedRecurrentOptions;
}

/** Options that not every cell has; the cell's layer checks the values and has the defaults. */
function resolveOwn(cell: RecurrentCell, own: object): Readonly<Record<string, unknown>> {
  const known = resolveOwnCellOptions(cell);
  const unknown = Object.keys(own).find((name) => !(name in known));
  if (unknown === undefined) return resolveOwnCellOptions(cell, own);
  throw new TypeError(`Cannot ${ACTION}: there is no option named 'recurrent.${unknown}' with cell '${cell}'`);
}

/** [batch, frames, features] → [batch, frames, units], twice as many when bidirectional. */
export function recurrentLayers(
  input: tfl.SymbolicTensor,
  { cell, layers, inputDropout, ...options }: ResolvedRecurrentOptions,
  seed: number,
): tfl.SymbolicTensor {
  let x = input;
  for (let index = 1; index <= layers; index++) {
    const name = `${cell}${index}`;
    x = drop(x, inputDropout, 'channel', `${name}_dropout`, seed);
    x = apply(new CELLS[cell]({ name, ...options, seed: layerSeed(seed, name) }), x);
  }
  return x;
}
