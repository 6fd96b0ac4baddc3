// what a CNN-LSTM can be made of → the types of its options

import type * as tfl from '@tensorflow/tfjs-layers';
import type { Strides } from '../kernels/padding.ts';
import type { OwnCellOptions, RecurrentCell } from '../layers/cells.ts';
import type { FramePooling, OrderlessPooling } from '../layers/poolings.ts';
import type { Direction } from '../layers/recurrent/recurrentOptions.ts';
import type { LabelReading } from '../layers/uncertainFrames.ts';

export type { OwnCellOptions, RecurrentCell } from '../layers/cells.ts';
export type { FramePooling, OrderlessPooling } from '../layers/poolings.ts';

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

/** Which cell the layers have; named by whoever wants another than the default. */
export type CellChoice<Cell extends RecurrentCell> = Cell extends 'lstm'
  ? {
      /** Which recurrent layer. @default 'lstm' */
      cell?: Cell | undefined;
    }
  : {
      /** Which recurrent layer. */
      cell: Cell;
    };

/**
 * The recurrent part: layers of one cell, one upon the other. Beside the options of every cell it takes those of the chosen cell's
 * layer, with that layer's defaults: `{ cell: 'gru', resetAfter: false }`.
 */
export type RecurrentOptions = {
  [Cell in RecurrentCell]: RecurrentLayersOptions & CellChoice<Cell> & OwnCellOptions<Cell>;
}[RecurrentCell];

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

/** Options of `buildCnnLstm`. Every part may be replaced by a function that applies the caller's own layers. */
export type CnnLstmOptions = SeriesOptions | ConvolutionOnlyOptions | ParallelOptions;
