// parts of a CNN-LSTM → the types of their options

import type * as tfl from '@tensorflow/tfjs-layers';
import type { Strides } from '../kernels/padding.ts';
import type { OwnCellOptions, RecurrentCell } from '../layers/cells.ts';
import type { FramePooling, OrderlessPooling } from '../layers/poolings.ts';
import type { Direction } from '../layers/recurrent/recurrentOptions.ts';
import type { LabelReading } from '../layers/uncertainFrames.ts';

export type { OwnCellOptions, RecurrentCell } from '../layers/cells.ts';
export type { FramePooling, OrderlessPooling } from '../layers/poolings.ts';

/** A part of the network of your own: applies layers to its input and returns their output. */
export type NetworkPart = (input: tfl.SymbolicTensor) => tfl.SymbolicTensor;

/** One convolution block: convolution, max pooling, batch normalisation, ReLU, dropout. */
export interface ConvBlockOptions {
  /** Number of filters. */
  filters: number;
  /** Size of the kernels, [time, frequency]. @default [3, 3] */
  kernelSize?: Strides | undefined;
  /** Strides of the convolution, [time, frequency]. @default [1, 1], because pooling loses less than skipping */
  strides?: Strides | undefined;
  /** Windows of the max pooling, [time, frequency]; [1, 1] for none. @default [2, 2] */
  pool?: Strides | undefined;
  /**
   * Whether pooling filters before it thins out, so that the network's answer changes less when a clip moves by a frame: see
   * `MaxPool2d`. It is of no use to strides of the convolution.
   * @default false
   */
  antiAlias?: boolean | undefined;
  /** Share of the block's feature maps that training drops (spatial dropout). @default 0 */
  dropout?: number | undefined;
}

/** Options of a recurrent part, whatever its cell: a stack of layers. */
export interface RecurrentLayersOptions {
  /** Size of the state, of each direction. @default 96 */
  units?: number | undefined;
  /** Number of layers. @default 1 */
  layers?: number | undefined;
  /** Reading direction. @default 'bidirectional', because the whole clip is known before it is classified */
  direction?: Direction | undefined;
  /** Share of each layer's input features that training drops, one mask a sequence. @default 0.3 */
  inputDropout?: number | undefined;
  /** Share of a layer's previous output that training drops on its way into the gates, one mask a sequence. @default 0 */
  recurrentDropout?: number | undefined;
}

/** The cell of the recurrent layers; required for any but the default. */
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
 * The recurrent part: a stack of layers of one cell. Beside the options of every cell it takes those of the chosen cell's layer, with
 * that layer's defaults: `{ cell: 'gru', resetAfter: false }`.
 */
export type RecurrentOptions = {
  [Cell in RecurrentCell]: RecurrentLayersOptions & CellChoice<Cell> & OwnCellOptions<Cell>;
}[RecurrentCell];

/**
 * How a clip's probabilities follow from frames that are classified one by one: `'frameSum'` averages their probabilities;
 * `uncertainFrames` gives each frame an emotion or none for a label and sums over the label sequences that fit, see `UncertainFrames`.
 */
export type FrameClassification = 'frameSum' | UncertainFrameLabels;

/** Frames whose own labels are unknown: only the clip's is given. */
export interface UncertainFrameLabels {
  /** Which sequences of frame labels fit an emotion. */
  readonly uncertainFrames: LabelReading;
}

/** The classifying part: fully connected layers, the last with a softmax. */
export interface HeadOptions {
  /** Sizes of the layers before the last. @default [] */
  hidden?: readonly number[] | undefined;
  /**
   * Kind of these layers: `Dense` with ReLU; `Maxout`, the largest of two sums; or `DropConnect`, where training drops weights in place
   * of the values before them.
   * @default 'relu'
   */
  hiddenLayer?: 'relu' | 'maxout' | 'dropConnect' | undefined;
  /** Share of the values that training drops before each layer; with DropConnect, share of its weights. @default 0.3 */
  dropout?: number | undefined;
}

/** Options that every arrangement of `buildCnnLstm` has. */
export interface NetworkOptions {
  /** Feature bins of a frame. @default 80, the mel bands of the default features */
  bins?: number | undefined;
  /** Number of classes. @default 8, the emotions of RAVDESS */
  classes?: number | undefined;
  /** Frames of an input; null for inputs of any length, from one frame. @default null */
  frames?: number | null | undefined;
  /** Seed of the initial weights and of the dropout masks. @default 0 */
  seed?: number | undefined;
  /**
   * Number of derivatives over time that are added to the features as channels: see `Deltas`.
   * @default 0
   */
  deltas?: number | undefined;
  /**
   * The convolution blocks, [batch, frames, bins, 1] → [batch, frames', bins', features]; a function can stand for a block. An empty
   * list passes the frames on to the recurrent part as they are, as for an LSTM alone.
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

/** Convolutions, then the recurrent part. */
export interface SeriesOptions extends NetworkOptions {
  /** Convolutions before the recurrent layers, or beside them. @default 'series' */
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
  /** Convolutions before the recurrent layers, or beside them. @default 'series' */
  arrangement?: 'series' | undefined;
  /** None. */
  recurrent: false;
  /** As with a recurrent part, except for the final frame, which without one has seen no other. */
  pooling?: OrderlessPooling | readonly OrderlessPooling[] | FrameClassification | NetworkPart | undefined;
}

/** Convolutions and recurrent layers side by side, each over the features themselves; their outputs are concatenated. */
export interface ParallelOptions extends NetworkOptions {
  /** Convolutions beside the recurrent layers. */
  arrangement: 'parallel';
  /** The recurrent part, [batch, frames, features] → [batch, frames', features']. @default one bidirectional LSTM of 96 units */
  recurrent?: RecurrentOptions | NetworkPart | undefined;
  /** How the recurrent part's frames become one vector. @default ['attention', 'mean'] */
  pooling?: FramePooling | readonly FramePooling[] | NetworkPart | undefined;
  /** How the convolutions' frames become one vector. @default ['mean', 'max'] */
  convolutionPooling?: OrderlessPooling | readonly OrderlessPooling[] | NetworkPart | undefined;
}

/** Options of `buildCnnLstm`. Every part may be a function instead, which applies layers of your own. */
export type CnnLstmOptions = SeriesOptions | ConvolutionOnlyOptions | ParallelOptions;
