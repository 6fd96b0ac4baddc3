// options of a CNN-LSTM → checked and completed

import {
  checkInteger,
  checkNothingElse,
  checkOneOf,
  checkOptions,
  checkPair,
  checkSeed,
  checkShare,
  type Resolved,
  shown,
} from '../core/check.ts';
import { MOST_DELTAS } from '../layers/deltas.ts';
import { MOST } from '../layers/layer.ts';
import { DIRECTIONS, MOST_STATE } from '../layers/recurrentOptions.ts';
import type {
  CnnLstmOptions,
  ConvBlockOptions,
  FrameClassification,
  FramePooling,
  HeadOptions,
  NetworkPart,
  ParallelOptions,
  RecurrentCell,
  RecurrentOptions,
  ResolvedCnnLstmOptions,
  ResolvedRecurrentOptions,
  SeriesOptions,
} from './cnnLstmOptions.ts';

const GATED_CELLS: readonly RecurrentCell[] = ['lstm', 'gru', 'multiplicativeLstm'];
const CELLS: readonly RecurrentCell[] = [...GATED_CELLS, 'elman', 'secondOrder', 'multiplicativeRnn', 'indrnn'];
const POOLINGS: readonly FramePooling[] = ['final', 'mean', 'max', 'statistics', 'attention'];

const DEFAULT_CONVOLUTION: readonly ConvBlockOptions[] = [
  { filters: 24 },
  { filters: 48 },
  { filters: 64 },
  { filters: 96, pool: [1, 2] },
];

const ACTION = 'build CNN-LSTM';

/** The most blocks or layers one upon the other; none that were trained were nearly as many. */
const MOST_LAYERS = 64;

/** The most frames of an input of one length: hours of them. */
const MOST_FRAMES = 2 ** 20;

/**
 * @throws {RangeError} when an option is out of range
 * @throws {TypeError} when an option is of the wrong type or there is none of that name
 */
export function resolveCnnLstmOptions(options: CnnLstmOptions): ResolvedCnnLstmOptions {
  const {
    bins = 80,
    classes = 8,
    frames = null,
    seed = 0,
    deltas = 0,
    ...rest
  } = checkOptions(ACTION, options as AllOptions);
  const { arrangement = 'series', convolution = DEFAULT_CONVOLUTION, recurrent = {}, head = {}, ...poolings } = rest;
  const { pooling = ['attention', 'mean'], convolutionPooling, ...others } = poolings;
  checkNothingElse(ACTION, others);
  checkInteger(ACTION, 'bins', bins, 1, MOST);
  checkInteger(ACTION, 'classes', classes, 2, MOST);
  if (frames !== null) checkInteger(ACTION, 'frames', frames, 1, MOST_FRAMES);
  checkSeed(ACTION, 'seed', seed);
  checkInteger(ACTION, 'deltas', deltas, 0, MOST_DELTAS);
  checkOneOf(ACTION, 'arrangement', arrangement, ['series', 'parallel']);
  checkList('convolution', convolution);
  if (arrangement === 'parallel') checkParallel(convolution, recurrent, pooling);
  else if (convolutionPooling !== undefined) {
    throw new RangeError(
      `Cannot ${ACTION}: convolutionPooling must be left out in series, where pooling sees its frames`,
    );
  }
  const resolved = resolvePooling('pooling', pooling);
  if (recurrent === false) checkOrderless('pooling', resolved);
  const ofConvolution = resolvePooling('convolutionPooling', convolutionPooling ?? ['mean', 'max']) as
    | readonly FramePooling[]
    | NetworkPart;
  checkOrderless('convolutionPooling', ofConvolution);
  return {
    ...{ bins, classes, frames, seed, deltas, arrangement },
    convolution: convolution.map((block, index) => (typeof block === 'function' ? block : resolveBlock(block, index))),
    recurrent: typeof recurrent === 'function' || recurrent === false ? recurrent : resolveRecurrent(recurrent),
    pooling: resolved,
    convolutionPooling: ofConvolution,
    head: typeof head === 'function' ? head : resolveHead(head),
  };
}

/** The options of every arrangement. */
type AllOptions = Omit<SeriesOptions, 'arrangement' | 'recurrent'> &
  Pick<ParallelOptions, 'convolutionPooling'> & {
    arrangement?: 'series' | 'parallel' | undefined;
    recurrent?: RecurrentOptions | NetworkPart | false | undefined;
  };

function checkList(name: string, list: readonly unknown[]): void {
  if (!Array.isArray(list)) throw new TypeError(`Cannot ${ACTION}: ${name} must be an array, got ${typeof list}`);
  checkInteger(ACTION, `length of ${name}`, list.length, 0, MOST_LAYERS);
}

/** What makes no sense where convolutions and recurrent layers stand beside each other. */
function checkParallel(convolution: readonly unknown[], recurrent: unknown, pooling: unknown): void {
  if (recurrent === false)
    throw new RangeError(`Cannot ${ACTION}: in parallel, there must be a recurrent part, got none`);
  if (convolution.length === 0)
    throw new RangeError(`Cannot ${ACTION}: in parallel, there must be convolutions, got none`);
  if (isFrameClassification(pooling)) {
    throw new RangeError(`Cannot ${ACTION}: in parallel, pooling must give one vector, got ${shown(pooling)}`);
  }
}

/** Whether frames are classified one by one. */
export function isFrameClassification(pooling: unknown): pooling is FrameClassification {
  return pooling === 'frameSum' || (typeof pooling === 'object' && pooling !== null && 'uncertainFrames' in pooling);
}

function resolveBlock(block: ConvBlockOptions, index: number): Resolved<ConvBlockOptions> {
  const name = `convolution[${index}]`;
  const { filters, kernelSize = [3, 3], strides = [1, 1], pool = [2, 2], ...rest } = checkOptions(ACTION, block, name);
  const { dropout = 0, ...others } = rest;
  checkNothingElse(ACTION, others, name);
  checkInteger(ACTION, `${name}.filters`, filters, 1, MOST);
  checkPair(ACTION, `${name}.kernelSize`, kernelSize, MOST);
  checkPair(ACTION, `${name}.strides`, strides, MOST);
  checkPair(ACTION, `${name}.pool`, pool, MOST);
  checkShare(ACTION, `${name}.dropout`, dropout);
  return { filters, kernelSize, strides, pool, dropout };
}

function resolveRecurrent(recurrent: RecurrentOptions): ResolvedRecurrentOptions {
  const { cell = 'lstm', units = 96, layers = 1, ...rest } = checkOptions(ACTION, recurrent, 'recurrent');
  const { direction = 'bidirectional', inputDropout = 0.3, recurrentDropout = 0, ...others } = rest;
  checkOneOf(ACTION, 'recurrent.cell', cell, CELLS);
  checkInteger(ACTION, 'recurrent.units', units, 1, MOST_STATE);
  checkInteger(ACTION, 'recurrent.layers', layers, 1, MOST_LAYERS);
  checkOneOf(ACTION, 'recurrent.direction', direction, DIRECTIONS);
  checkShare(ACTION, 'recurrent.inputDropout', inputDropout);
  checkShare(ACTION, 'recurrent.recurrentDropout', recurrentDropout);
  const all = { cell, units, layers, direction, inputDropout, recurrentDropout };
  return { ...all, ...ownOptions(cell, others) };
}

/** What not every cell has; its layer checks the values. */
function ownOptions(
  cell: RecurrentCell,
  options: object,
): Pick<ResolvedRecurrentOptions, 'cellDropout' | 'activation' | 'recurrentLimit'> {
  const { cellDropout, activation, recurrentLimit, ...others } = options as Partial<ResolvedRecurrentOptions>;
  checkNothingElse(ACTION, others, 'recurrent');
  const gated = GATED_CELLS.includes(cell);
  const without = (name: string, value: unknown) => {
    if (value !== undefined)
      throw new RangeError(`Cannot ${ACTION}: recurrent.${name} must be left out with ${cell}, got ${shown(value)}`);
  };
  if (cell !== 'indrnn') without('recurrentLimit', recurrentLimit);
  if (gated) {
    without('activation', activation);
    return { cellDropout: cellDropout ?? 0 };
  }
  without('cellDropout', cellDropout);
  if (cell === 'indrnn') return { activation: activation ?? 'relu', recurrentLimit: recurrentLimit ?? 1 };
  return { activation: activation ?? 'tanh' };
}

function resolvePooling(name: string, pooling: CnnLstmOptions['pooling'] & {}): ResolvedCnnLstmOptions['pooling'] {
  if (typeof pooling === 'function') return pooling;
  if (isFrameClassification(pooling)) {
    if (pooling === 'frameSum') return pooling;
    const { uncertainFrames, ...others } = pooling;
    checkNothingElse(ACTION, others, name);
    checkOneOf(ACTION, `${name}.uncertainFrames`, uncertainFrames, ['any', 'run']);
    return pooling;
  }
  const poolings = Array.isArray(pooling) ? (pooling as readonly FramePooling[]) : [pooling as FramePooling];
  if (poolings.length === 0) throw new RangeError(`Cannot ${ACTION}: ${name} must name at least one pooling, got none`);
  for (const one of poolings) checkOneOf(ACTION, name, one, POOLINGS);
  if (new Set(poolings).size < poolings.length) {
    throw new RangeError(`Cannot ${ACTION}: ${name} must name each pooling once, got ${poolings.join(', ')}`);
  }
  return poolings;
}

function checkOrderless(name: string, pooling: ResolvedCnnLstmOptions['pooling']): void {
  if (Array.isArray(pooling) && pooling.includes('final')) {
    throw new RangeError(
      `Cannot ${ACTION}: ${name} must not be final where no recurrent part came before, got ${pooling}`,
    );
  }
}

function resolveHead(head: HeadOptions): Resolved<HeadOptions> {
  const { hidden = [], hiddenLayer = 'relu', dropout = 0.3, ...others } = checkOptions(ACTION, head, 'head');
  checkNothingElse(ACTION, others, 'head');
  checkList('head.hidden', hidden);
  for (const [index, units] of hidden.entries()) checkInteger(ACTION, `head.hidden[${index}]`, units, 1, MOST);
  checkOneOf(ACTION, 'head.hiddenLayer', hiddenLayer, ['relu', 'maxout', 'dropConnect']);
  checkShare(ACTION, 'head.dropout', dropout);
  return { hidden, hiddenLayer, dropout };
}
