// what a CNN-LSTM can be made of → the types of its options

import type * as tfl from '@tensorflow/tfjs-layers';
import type { Resolved } from '../core/check.ts';
import type { Strides } from '../kernels/padding.ts';
import type { StateActivation } from '../kernels/recurrent/activation.ts';
import type { Direction } from '../layers/recurrentOptions.ts';
import type { LabelReading } from '../layers/uncertainFrames.ts';

/** A caller's own part of the network: applies layers to what it is given and returns their output. */
export type NetworkPart = (input: tfl.SymbolicTensor) => tfl.SymbolicTensor;

/** One convolution block: convolution, max pooling, batch normalisation, ReLU, dropout. */
export interface ConvBlockOptions {
  /** How many features to compute. */
  filters: number;
  /** Size of the neighbourhood, [time, frequency]. @default [3, 3] */
  kernelSize?: Strides | undefined;
  /** Steps of the convolution, [time, frequency]. @default [1, 1], because pooling loses less than skipping does */
  strides?: Strides | undefined;
  /** Windows of the max pooling, [time, frequency]; [1, 1] is none. @default [2, 2] */
  pool?: Strides | undefined;
  /** Share of the block's feature maps that training drops, whole maps. @default 0 */
  dropout?: number | undefined;
}

/** Which recurrent layer reads the frames: see `Lstm`, `Gru`, `Elman`, `IndRnn`, `SecondOrder`, `MultiplicativeRnn`, `MultiplicativeLstm`. */
export type RecurrentCell =
  | 'lstm'
  | 'gru'
  | 'multiplicativeLstm'
  | 'elman'
  | 'secondOrder'
  | 'multiplicativeRnn'
  | 'indrnn';

/** What every recurrent part has: layers one upon the other. */
export interface RecurrentLayersOptions {
  /** Size of the state, of each direction. @default 96 */
  units?: number | undefined;
  /** How many layers. @default 1 */
  layers?: number | undefined;
  /** Reading direction. @default 'bidirectional', because a clip is there as a whole before it is classified */
  direction?: Direction | undefined;
  /** Share of each layer's input features that training drops, one mask a sequence. @default 0.3 */
  inputDropout?: number | undefined;
  /** Share of a layer's previous output that training drops on its way into the gates, one mask a sequence. @default 0 */
  recurrentDropout?: number | undefined;
}

/** A recurrent part of a cell with gates, which carries something on and updates it. */
export interface GatedRecurrentOptions extends RecurrentLayersOptions {
  /** Which recurrent layer. @default 'lstm' */
  cell?: 'lstm' | 'gru' | 'multiplicativeLstm' | undefined;
  /** Share of a cell's update that training drops, one mask a sequence. @default 0 */
  cellDropout?: number | undefined;
}

/** A recurrent part of a cell without gates. */
export interface UngatedRecurrentOptions extends RecurrentLayersOptions {
  /** Which recurrent layer. */
  cell: 'elman' | 'secondOrder' | 'multiplicativeRnn';
  /** What squashes the state. @default 'tanh' */
  activation?: StateActivation | undefined;
}

/** A recurrent part of independent units. */
export interface IndRnnRecurrentOptions extends RecurrentLayersOptions {
  /** Which recurrent layer. */
  cell: 'indrnn';
  /** What squashes the state. @default 'relu' */
  activation?: StateActivation | undefined;
  /** The most that a unit's previous output may be multiplied by. @default 1 */
  recurrentLimit?: number | undefined;
}

/** The recurrent part: layers of one cell, one upon the other. */
export type RecurrentOptions = GatedRecurrentOptions | UngatedRecurrentOptions | IndRnnRecurrentOptions;

/**
 * How the frames of a sequence become one vector: see `FinalFrame`, `MeanPooling`, `MaxPooling`, `StatisticsPooling` and
 * `AttentionPooling`.
 */
export type FramePooling = 'final' | 'mean' | 'max' | 'statistics' | 'attention';

/**
 * How frames become a clip's probabilities where each is classified by itself: `'frameSum'` averages their probabilities;
 * `uncertainFrames` labels each with an emotion or with none and sums over the sequences of labels that fit, see `UncertainFrames`.
 */
export type FrameClassification = 'frameSum' | UncertainFrameLabels;

/** Labels of frames of which only the clip's is known. */
export interface UncertainFrameLabels {
  /** Which sequences of frame labels fit an emotion. */
  readonly uncertainFrames: LabelReading;
}

/** The classifying part: fully connected layers, the last with a softmax. */
export interface HeadOptions {
  /** Sizes of the layers before the last. @default [] */
  hidden?: readonly number[] | undefined;
  /**
   * What these layers are: sums with ReLU; `Maxout`, the largest of two sums; `DropConnect`, of whose weights training drops
   * some in place of values before them.
   * @default 'relu'
   */
  hiddenLayer?: 'relu' | 'maxout' | 'dropConnect' | undefined;
  /** Share of the values that training drops before each layer; of the weights, in those with DropConnect. @default 0.3 */
  dropout?: number | undefined;
}

/** Options that every arrangement of `buildCnnLstm` has. */
export interface NetworkOptions {
  /** Feature bins of a frame. @default 80, the mel bands of the default features */
  bins?: number | undefined;
  /** How many classes to tell apart. @default 8, the emotions of RAVDESS */
  classes?: number | undefined;
  /** Frames of an input; null takes inputs of any length, from one frame. @default null */
  frames?: number | null | undefined;
  /** Seed of the first weights and of the dropout masks. @default 0 */
  seed?: number | undefined;
  /**
   * How many derivatives over time the first layer sees beside the picture, as channels of their own: see `Deltas`.
   * @default 0
   */
  deltas?: number | undefined;
  /**
   * The convolution blocks, [batch, frames, bins, 1] → [batch, frames', bins', features]; a function stands for a block. An empty
   * list gives the frames to the recurrent part as they are: an LSTM alone.
   * @default four blocks of 24, 48, 64 and 96 filters, the last of which pools frequency only
   */
  convolution?: readonly (ConvBlockOptions | NetworkPart)[] | undefined;
  /**
   * The classifying part, [batch, features] → [batch, classes] probabilities; with `'frameSum'`, [batch, frames', features] →
   * [batch, frames', classes].
   * @default dropout of 0.3 and one layer with a softmax
   */
  head?: HeadOptions | NetworkPart | undefined;
}

/** The recurrent part reads what the convolutions give. */
export interface SeriesOptions extends NetworkOptions {
  /** How convolutions and recurrent layers stand to each other. @default 'series' */
  arrangement?: 'series' | undefined;
  /** The recurrent part, [batch, frames', features] → [batch, frames', features']. @default one bidirectional LSTM of 96 units */
  recurrent?: RecurrentOptions | NetworkPart | undefined;
  /**
   * How frames become one vector: one or several poolings, whose results are concatenated; or how they are classified one by
   * one; or a function, [batch, frames', features] → [batch, features'].
   * @default ['attention', 'mean']
   */
  pooling?: FramePooling | readonly FramePooling[] | FrameClassification | NetworkPart | undefined;
}

/** Convolutions alone. */
export interface ConvolutionOnlyOptions extends NetworkOptions {
  /** How convolutions and recurrent layers stand to each other. @default 'series' */
  arrangement?: 'series' | undefined;
  /** None. */
  recurrent: false;
  /** As with a recurrent part, but for the final frame: without one, that has seen no other. */
  pooling?: OrderlessPooling | readonly OrderlessPooling[] | FrameClassification | NetworkPart | undefined;
}

/** Convolutions and recurrent layers side by side, each over the picture itself; what each makes of it is concatenated. */
export interface ParallelOptions extends NetworkOptions {
  /** How convolutions and recurrent layers stand to each other. */
  arrangement: 'parallel';
  /** The recurrent part, [batch, frames, features] → [batch, frames', features']. @default one bidirectional LSTM of 96 units */
  recurrent?: RecurrentOptions | NetworkPart | undefined;
  /** How the recurrent part's frames become one vector. @default ['attention', 'mean'] */
  pooling?: FramePooling | readonly FramePooling[] | NetworkPart | undefined;
  /** How the convolutions' frames become one vector. @default ['mean', 'max'] */
  convolutionPooling?: OrderlessPooling | readonly OrderlessPooling[] | NetworkPart | undefined;
}

/** A pooling that makes sense of frames which have not seen each other. */
export type OrderlessPooling = Exclude<FramePooling, 'final'>;

/** Options of `buildCnnLstm`. Every part may be replaced by a function that applies the caller's own layers. */
export type CnnLstmOptions = SeriesOptions | ConvolutionOnlyOptions | ParallelOptions;

/** A recurrent part with every default in place; what its cell has not is undefined. */
export interface ResolvedRecurrentOptions extends Resolved<RecurrentLayersOptions> {
  /** Which recurrent layer. */
  readonly cell: RecurrentCell;
  /** Share of a cell's update that training drops. */
  readonly cellDropout?: number | undefined;
  /** What squashes the state. */
  readonly activation?: StateActivation | undefined;
  /** The most that a unit's previous output may be multiplied by. */
  readonly recurrentLimit?: number | undefined;
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
  /** How convolutions and recurrent layers stand to each other. */
  readonly arrangement: 'series' | 'parallel';
  /** The convolution blocks. */
  readonly convolution: readonly (Resolved<ConvBlockOptions> | NetworkPart)[];
  /** The recurrent part; false for none. */
  readonly recurrent: ResolvedRecurrentOptions | NetworkPart | false;
  /** How frames become one vector, or are classified one by one. */
  readonly pooling: readonly FramePooling[] | FrameClassification | NetworkPart;
  /** How the convolutions' frames become one vector, where they stand beside the recurrent part. */
  readonly convolutionPooling: readonly FramePooling[] | NetworkPart;
  /** The classifying part. */
  readonly head: Resolved<HeadOptions> | NetworkPart;
}
