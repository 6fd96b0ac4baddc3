// options of a CNN-LSTM → checked and completed

import type * as tfl from '@tensorflow/tfjs-layers';
import type { Strides } from '../kernels/padding.ts';
import { checkCount, checkOneOf, checkPair, checkRate } from '../layers/layer.ts';
import type { Direction } from '../layers/recurrentOptions.ts';

/** A caller's own part of the network: applies layers to what it is given and returns their output. */
export type NetworkPart = (input: tfl.SymbolicTensor) => tfl.SymbolicTensor;

/** One convolution block: convolution, max pooling, batch normalisation, ReLU, dropout. */
export interface ConvBlockOptions {
  /** How many features to compute. */
  filters: number;
  /** Size of the neighbourhood, [time, frequency]. @default [3, 3] */
  kernelSize?: Strides;
  /** Steps of the convolution, [time, frequency]. @default [1, 1], because pooling loses less than skipping does */
  strides?: Strides;
  /** Windows of the max pooling, [time, frequency]; [1, 1] is none. @default [2, 2] */
  pool?: Strides;
  /** Share of the block's feature maps that training drops, whole maps. @default 0 */
  dropout?: number;
}

/** Which recurrent layer reads the frames: see `Lstm`, `Gru` and `Elman`. */
export type RecurrentCell = 'lstm' | 'gru' | 'elman';

/** The recurrent part: layers one upon the other. */
export interface RecurrentOptions {
  /** Which recurrent layer. @default 'lstm' */
  cell?: RecurrentCell;
  /** Size of the state, of each direction. @default 96 */
  units?: number;
  /** How many layers. @default 1 */
  layers?: number;
  /** Reading direction. @default 'bidirectional', because a clip is there as a whole before it is classified */
  direction?: Direction;
  /** Share of each layer's input features that training drops, one mask a sequence. @default 0.3 */
  inputDropout?: number;
  /** Share of a layer's previous output that training drops on its way into the gates, one mask a sequence. @default 0 */
  recurrentDropout?: number;
}

/** How the frames of a sequence become one vector; see `FinalFrame`, `MeanPooling` and `AttentionPooling`. */
export type FramePooling = 'final' | 'mean' | 'attention';

/** The classifying part: fully connected layers, the last with a softmax. */
export interface HeadOptions {
  /** Sizes of the layers before the last, with ReLU. @default [] */
  hidden?: readonly number[];
  /** Share of the values that training drops before each layer. @default 0.3 */
  dropout?: number;
}

/** Options of `buildCnnLstm`. Every part may be replaced by a function that applies the caller's own layers. */
export interface CnnLstmOptions {
  /** Feature bins of a frame. @default 80, the mel bands of the default features */
  bins?: number;
  /** How many classes to tell apart. @default 8, the emotions of RAVDESS */
  classes?: number;
  /** Frames of an input; null takes inputs of any length, from one frame. @default null */
  frames?: number | null;
  /** Seed of the first weights and of the dropout masks. @default 0 */
  seed?: number;
  /**
   * How many derivatives over time the first convolution sees beside the picture, as channels of their own: see `Deltas`.
   * @default 0
   */
  deltas?: number;
  /**
   * The convolution blocks, [batch, frames, bins, 1] → [batch, frames', bins', features]; a function stands for a block. An empty
   * list gives the frames to the recurrent part as they are.
   * @default four blocks of 24, 48, 64 and 96 filters, the last of which pools frequency only
   */
  convolution?: readonly (ConvBlockOptions | NetworkPart)[];
  /** The recurrent part, [batch, frames', features] → [batch, frames', features']. @default one bidirectional LSTM of 96 units */
  recurrent?: RecurrentOptions | NetworkPart;
  /**
   * How frames become one vector: one or several poolings, whose results are concatenated; or `'frameSum'`, which classifies
   * every frame and averages the probabilities; or a function, [batch, frames', features] → [batch, features'].
   * @default ['attention', 'mean']
   */
  pooling?: FramePooling | readonly FramePooling[] | 'frameSum' | NetworkPart;
  /**
   * The classifying part, [batch, features] → [batch, classes] probabilities; with `'frameSum'`, [batch, frames', features] →
   * [batch, frames', classes].
   * @default dropout of 0.3 and one layer with a softmax
   */
  head?: HeadOptions | NetworkPart;
}

/** {@link CnnLstmOptions} with every default in place. */
export interface ResolvedCnnLstmOptions {
  /** Feature bins of a frame. */
  readonly bins: number;
  /** How many classes to tell apart. */
  readonly classes: number;
  /** Frames of an input; null takes inputs of any length. */
  readonly frames: number | null;
  /** Seed of the first weights and of the dropout masks. */
  readonly seed: number;
  /** How many derivatives over time stand beside the picture. */
  readonly deltas: number;
  /** The convolution blocks. */
  readonly convolution: readonly (Required<ConvBlockOptions> | NetworkPart)[];
  /** The recurrent part. */
  readonly recurrent: Required<RecurrentOptions> | NetworkPart;
  /** How frames become one vector. */
  readonly pooling: readonly FramePooling[] | 'frameSum' | NetworkPart;
  /** The classifying part. */
  readonly head: Required<HeadOptions> | NetworkPart;
}

const DEFAULT_CONVOLUTION: readonly ConvBlockOptions[] = [
  { filters: 24 },
  { filters: 48 },
  { filters: 64 },
  { filters: 96, pool: [1, 2] },
];

const ACTION = 'build CNN-LSTM';

/** @throws {RangeError} when an option is out of range */
export function resolveCnnLstmOptions(options: CnnLstmOptions): ResolvedCnnLstmOptions {
  const {
    bins = 80,
    classes = 8,
    frames = null,
    seed = 0,
    deltas = 0,
    convolution = DEFAULT_CONVOLUTION,
    recurrent = {},
    pooling = ['attention', 'mean'],
    head = {},
  } = options;
  checkCount(ACTION, 'bins', bins);
  checkCount(ACTION, 'classes', classes, 2);
  if (frames !== null) checkCount(ACTION, 'frames', frames);
  checkCount(ACTION, 'deltas', deltas, 0);
  return {
    bins,
    classes,
    frames,
    seed,
    deltas,
    convolution: convolution.map((block, index) => (typeof block === 'function' ? block : resolveBlock(block, index))),
    recurrent: typeof recurrent === 'function' ? recurrent : resolveRecurrent(recurrent),
    pooling: typeof pooling === 'function' || pooling === 'frameSum' ? pooling : resolvePooling(pooling),
    head: typeof head === 'function' ? head : resolveHead(head),
  };
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

function resolveRecurrent(recurrent: RecurrentOptions): Required<RecurrentOptions> {
  const { cell = 'lstm', units = 96, layers = 1, direction = 'bidirectional' } = recurrent;
  const { inputDropout = 0.3, recurrentDropout = 0 } = recurrent;
  checkOneOf(ACTION, 'recurrent.cell', cell, ['lstm', 'gru', 'elman']);
  checkCount(ACTION, 'recurrent.units', units);
  checkCount(ACTION, 'recurrent.layers', layers);
  checkOneOf(ACTION, 'recurrent.direction', direction, ['forward', 'backward', 'bidirectional']);
  checkRate(ACTION, 'recurrent.inputDropout', inputDropout);
  checkRate(ACTION, 'recurrent.recurrentDropout', recurrentDropout);
  return { cell, units, layers, direction, inputDropout, recurrentDropout };
}

function resolvePooling(pooling: FramePooling | readonly FramePooling[]): readonly FramePooling[] {
  const poolings = typeof pooling === 'string' ? [pooling] : pooling;
  if (poolings.length === 0) throw new RangeError(`Cannot ${ACTION}: pooling must name at least one pooling, got none`);
  if (new Set(poolings).size < poolings.length) {
    throw new RangeError(`Cannot ${ACTION}: pooling must name each pooling once, got ${poolings.join(', ')}`);
  }
  for (const one of poolings) checkOneOf(ACTION, 'pooling', one, ['final', 'mean', 'attention']);
  return poolings;
}

function resolveHead(head: HeadOptions): Required<HeadOptions> {
  const { hidden = [], dropout = 0.3 } = head;
  for (const units of hidden) checkCount(ACTION, 'head.hidden', units);
  checkRate(ACTION, 'head.dropout', dropout);
  return { hidden, dropout };
}
