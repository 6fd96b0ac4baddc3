// surveyed systems → options of `buildCnnLstm`, each with its source and how it departs from it
//
// All of them read the same features here, so that only the network differs: where a system was published with features of its own,
// that is a departure, and so are sizes where a paper leaves them open. Sizes are such that each network trains on a CPU within minutes.

import type {
  ConvBlockOptions,
  ConvolutionOnlyOptions,
  ParallelOptions,
  RecurrentOptions,
  SeriesOptions,
} from './cnnLstmOptions.ts';

/** Four convolution blocks that halve time thrice, of half the filters that are the default. */
const BLOCKS: readonly ConvBlockOptions[] = [
  { filters: 12 },
  { filters: 24 },
  { filters: 32 },
  { filters: 48, pool: [1, 2] },
];

/** Options of `buildCnnLstm` for the surveyed systems: `buildCnnLstm({ ...presets.lim2016, seed: 1 })`. */
export interface Presets {
  /**
   * The paper that this library implements: a spectrogram by short-time Fourier transform, convolutions, an LSTM, and the sum of
   * the frames' probabilities. The paper gives no sizes; those here are half of this library's default network.
   */
  readonly paper: SeriesOptions;
  /** This library's variant of it: a bidirectional LSTM, attention and mean. Half of the default's filters. */
  readonly cnnLstm: SeriesOptions;
  /**
   * Convolutions of each moment, and an LSTM over these in time: Lim, Jang & Lee 2016, Speech Emotion Recognition using
   * Convolutional and Recurrent Neural Networks. Departs: they trained on Emo-DB; the convolutions here see neighbouring frames
   * and pool, except for the first, frequency only, so that a time step is 50 ms.
   */
  readonly lim2016: SeriesOptions;
  /**
   * Convolutions and an LSTM side by side over the features, outputs concatenated: the second of Lim et al. 2016's
   * arrangements, and Santhana Krishnan et al. 2017's. Departs: only the arrangement is taken from these.
   */
  readonly parallel: ParallelOptions;
  /**
   * A bidirectional LSTM over frames with local attention: Mirsamadi, Barsoum & Zhang 2017, Automatic Speech Emotion Recognition
   * using Recurrent Neural Networks with Local Attention. Departs: mel bands in place of 32 low-level descriptors; no fully
   * connected layers before the LSTM.
   */
  readonly mirsamadi2017: SeriesOptions;
  /**
   * A bidirectional LSTM whose frames are labelled with an emotion or none, where only the clip's label is certain: Lee & Tashev
   * 2015, High-level Feature Representation using Recurrent Neural Network for Speech Emotion Recognition. Departs: mel bands in
   * place of 32 features; the likelihoods classify the clip themselves, in place of an extreme learning machine over statistics
   * of the frames' probabilities.
   */
  readonly leeTashev2015: SeriesOptions;
  /** Convolutions alone. */
  readonly cnn: ConvolutionOnlyOptions;
  /** An LSTM alone. Hochreiter & Schmidhuber 1997, with forget gates. */
  readonly lstm: SeriesOptions;
  /** The CNN-LSTM with a fully recurrent network: Elman 1990, Finding Structure in Time. */
  readonly elman: SeriesOptions;
  /** The CNN-LSTM with gated recurrent units: Cho et al. 2014; the reset gate is applied after the product, as in cuDNN. */
  readonly gru: SeriesOptions;
  /** The CNN-LSTM with two layers of independently recurrent units: Li et al. 2018. Departs: no batch normalisation between them. */
  readonly li2018: SeriesOptions;
  /**
   * The CNN-LSTM with a second-order network: Giles et al. 1992; Goudreau et al. 1994. Departs: theirs read one-hot symbols. It has
   * fewer units, because every feature has a matrix of units × units.
   */
  readonly secondOrder: SeriesOptions;
  /** The CNN-LSTM with a multiplicative recurrent network: Sutskever, Martens & Hinton 2011. */
  readonly sutskever2011: SeriesOptions;
  /** The CNN-LSTM with a multiplicative LSTM: Krause et al. 2016. */
  readonly krause2016: SeriesOptions;
}

/** The CNN-LSTM with another recurrent part. */
function readBy(recurrent: RecurrentOptions): SeriesOptions {
  return { convolution: BLOCKS, recurrent, pooling: ['attention', 'mean'] };
}

/** Surveyed systems by their names; parts may be exchanged like any option's. */
export const presets: Presets = {
  paper: {
    convolution: BLOCKS,
    recurrent: { cell: 'lstm', direction: 'forward' },
    pooling: 'frameSum',
  },
  cnnLstm: readBy({ cell: 'lstm' }),
  lim2016: {
    convolution: [
      { filters: 12 },
      { filters: 24, pool: [1, 2] },
      { filters: 32, pool: [1, 2] },
      { filters: 48, pool: [1, 2] },
    ],
    recurrent: { cell: 'lstm', direction: 'forward' },
    pooling: 'final',
  },
  parallel: {
    arrangement: 'parallel',
    convolution: BLOCKS,
    convolutionPooling: ['mean', 'max'],
    recurrent: { cell: 'lstm' },
    pooling: ['attention', 'mean'],
  },
  mirsamadi2017: {
    convolution: [],
    recurrent: { cell: 'lstm', units: 128 },
    pooling: 'attention',
  },
  leeTashev2015: {
    convolution: [],
    recurrent: { cell: 'lstm', units: 128 },
    pooling: { uncertainFrames: 'any' },
  },
  cnn: {
    convolution: BLOCKS,
    recurrent: false,
    pooling: ['mean', 'max'],
  },
  lstm: {
    convolution: [],
    recurrent: { cell: 'lstm' },
    pooling: 'mean',
  },
  elman: readBy({ cell: 'elman' }),
  gru: readBy({ cell: 'gru' }),
  li2018: readBy({ cell: 'indrnn', layers: 2 }),
  secondOrder: readBy({ cell: 'secondOrder', units: 16 }),
  sutskever2011: readBy({ cell: 'multiplicativeRnn' }),
  krause2016: readBy({ cell: 'multiplicativeLstm' }),
};
