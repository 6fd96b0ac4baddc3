// layers of the library, and what layers of your own are made with → one import, `speech-emotion/layers`

import './register.ts'; // so that models with these layers can be loaded

// bases, and the loop around them
export { BaseLayer, type LayerOptions, type SeededLayerOptions } from './layer.ts';
export type { CallOptions } from './frameMask.ts';
export { RandomStream } from '../core/random.ts';
export { setTrainingStep, trainingStepOf } from './trainingStep.ts';
export { type ConstrainedLayer, type ConstrainedWeight, constrainWeights } from './constraints.ts';
export type { Resolved } from '../core/check.ts';

// spectrogram → features
export type { Padding, Strides } from '../kernels/padding.ts';
export { Deltas, type DeltasLayerOptions } from './deltas.ts';
export { Conv2d, type Conv2dOptions } from './conv2d.ts';
export { MaxPool2d, type MaxPool2dOptions } from './maxPool2d.ts';
export { BatchNorm, type BatchNormOptions } from './batchNorm.ts';
export { Dropout, type DropoutOptions } from './dropout.ts';

// sequence → sequence
export { CELLS, type OwnCellOptions, type RecurrentCell } from './cells.ts';
export {
  type Direction,
  type GatedLayerOptions,
  type RecurrentLayerOptions,
  type ResolvedGatedLayerOptions,
  type ResolvedRecurrentLayerOptions,
  type ResolvedUngatedLayerOptions,
  resolveRecurrentOptions,
  type UngatedLayerOptions,
} from './recurrent/recurrentOptions.ts';
export type { StateActivation } from '../kernels/recurrent/activation.ts';
export type { SequenceInputs } from '../kernels/recurrent/sequence.ts';
export { type CellInputs, type InitialWeight, RecurrentLayer } from './recurrent/recurrentLayer.ts';
export { Elman, type ElmanOptions } from './recurrent/elman.ts';
export { Gru, type GruOptions } from './recurrent/gru.ts';
export { IndRnn, type IndRnnOptions } from './recurrent/indRnn.ts';
export { Lstm, type LstmOptions } from './recurrent/lstm.ts';
export { MultiplicativeLstm, MultiplicativeRnn, type MultiplicativeRnnOptions } from './recurrent/multiplicative.ts';
export { SecondOrder, type SecondOrderOptions } from './recurrent/secondOrder.ts';

// sequence → vector
export { type FramePooling, type OrderlessPooling, POOLINGS } from './poolings.ts';
export { FinalFrame, type FinalFrameOptions } from './pooling/finalFrame.ts';
export { AttentionPooling } from './pooling/attentionPooling.ts';
export { StatisticsPooling } from './pooling/statisticsPooling.ts';
export { MaxPooling } from './pooling/maxPooling.ts';
export { MeanPooling } from './pooling/meanPooling.ts';

// features → classes
export { FullyConnected, type FullyConnectedOptions, type Sums } from './fullyConnected.ts';
export { Dense, type DenseOptions } from './dense.ts';
export { DropConnect, type DropConnectOptions } from './dropConnect.ts';
export { Maxout, type MaxoutOptions } from './maxout.ts';
export {
  type LabelReading,
  labelLogLikelihoods,
  UncertainFrames,
  type UncertainFramesOptions,
} from './uncertainFrames.ts';
