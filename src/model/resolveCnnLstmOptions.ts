// options of a CNN-LSTM → checked and completed

import { checkCount, checkOneOf, checkPair, checkRate } from '../layers/layer.ts';
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

/** @throws {RangeError} when an option is out of range */
export function resolveCnnLstmOptions(options: CnnLstmOptions): ResolvedCnnLstmOptions {
  const { bins = 80, classes = 8, frames = null, seed = 0, deltas = 0 } = options;
  const { arrangement = 'series', convolution = DEFAULT_CONVOLUTION, recurrent = {}, head = {} } = options;
  const { convolutionPooling = ['mean', 'max'] } = options as Partial<ParallelOptions>;
  const pooling = options.pooling ?? (['attention', 'mean'] as const);
  checkCount(ACTION, 'bins', bins);
  checkCount(ACTION, 'classes', classes, 2);
  if (frames !== null) checkCount(ACTION, 'frames', frames);
  checkCount(ACTION, 'deltas', deltas, 0);
  checkOneOf(ACTION, 'arrangement', arrangement, ['series', 'parallel']);
  if (arrangement === 'parallel') {
    if (recurrent === false)
      throw new RangeError(`Cannot ${ACTION}: in parallel, there must be a recurrent part, got none`);
    if (convolution.length === 0)
      throw new RangeError(`Cannot ${ACTION}: in parallel, there must be convolutions, got none`);
    if (isFrameClassification(pooling)) {
      throw new RangeError(
        `Cannot ${ACTION}: in parallel, pooling must give one vector, got ${JSON.stringify(pooling)}`,
      );
    }
  }
  const resolved = resolvePooling('pooling', pooling);
  if (recurrent === false) checkOrderless('pooling', resolved);
  const ofConvolution = resolvePooling('convolutionPooling', convolutionPooling) as
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

/** Whether frames are classified one by one. */
export function isFrameClassification(pooling: unknown): pooling is FrameClassification {
  return pooling === 'frameSum' || (typeof pooling === 'object' && pooling !== null && 'uncertainFrames' in pooling);
}

function resolveBlock(block: ConvBlockOptions, index: number): Required<ConvBlockOptions> {
  const { filters, kernelSize = [3, 3], strides = [1, 1], pool = [2, 2], dropout = 0 } = block;
  const name = `convolution[${index}]`;
  checkCount(ACTION, `${name}.filters`, filters);
  checkPair(ACTION, `${name}.kernelSize`, kernelSize);
  checkPair(ACTION, `${name}.strides`, strides);
  checkPair(ACTION, `${name}.pool`, pool);
  checkRate(ACTION, `${name}.dropout`, dropout);
  return { filters, kernelSize, strides, pool, dropout };
}

function resolveRecurrent(recurrent: RecurrentOptions): ResolvedRecurrentOptions {
  const { cell = 'lstm', units = 96, layers = 1, direction = 'bidirectional' } = recurrent;
  const { inputDropout = 0.3, recurrentDropout = 0 } = recurrent;
  checkOneOf(ACTION, 'recurrent.cell', cell, CELLS);
  checkCount(ACTION, 'recurrent.units', units);
  checkCount(ACTION, 'recurrent.layers', layers);
  checkOneOf(ACTION, 'recurrent.direction', direction, ['forward', 'backward', 'bidirectional']);
  checkRate(ACTION, 'recurrent.inputDropout', inputDropout);
  checkRate(ACTION, 'recurrent.recurrentDropout', recurrentDropout);
  const all = { cell, units, layers, direction, inputDropout, recurrentDropout };
  return { ...all, ...ownOptions(cell, recurrent) };
}

/** What not every cell has; its layer checks the values. */
function ownOptions(
  cell: RecurrentCell,
  options: RecurrentOptions,
): Pick<ResolvedRecurrentOptions, 'cellDropout' | 'activation' | 'recurrentLimit'> {
  const { cellDropout, activation, recurrentLimit } = options as Partial<ResolvedRecurrentOptions>;
  const gated = GATED_CELLS.includes(cell);
  const without = (name: string, value: unknown) => {
    if (value !== undefined)
      throw new RangeError(`Cannot ${ACTION}: recurrent.${name} must be left out with ${cell}, got ${value}`);
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
    if (pooling !== 'frameSum') checkOneOf(ACTION, `${name}.uncertainFrames`, pooling.uncertainFrames, ['any', 'run']);
    return pooling;
  }
  const poolings = typeof pooling === 'string' ? [pooling] : pooling;
  if (poolings.length === 0) throw new RangeError(`Cannot ${ACTION}: ${name} must name at least one pooling, got none`);
  if (new Set(poolings).size < poolings.length) {
    throw new RangeError(`Cannot ${ACTION}: ${name} must name each pooling once, got ${poolings.join(', ')}`);
  }
  for (const one of poolings) checkOneOf(ACTION, name, one, POOLINGS);
  return poolings;
}

function checkOrderless(name: string, pooling: ResolvedCnnLstmOptions['pooling']): void {
  if (Array.isArray(pooling) && pooling.includes('final')) {
    throw new RangeError(
      `Cannot ${ACTION}: ${name} must not be final where no recurrent part came before, got ${pooling}`,
    );
  }
}

function resolveHead(head: HeadOptions): Required<HeadOptions> {
  const { hidden = [], hiddenLayer = 'relu', dropout = 0.3 } = head;
  for (const units of hidden) checkCount(ACTION, 'head.hidden', units);
  checkOneOf(ACTION, 'head.hiddenLayer', hiddenLayer, ['relu', 'maxout', 'dropConnect']);
  checkRate(ACTION, 'head.dropout', dropout);
  return { hidden, hiddenLayer, dropout };
}
