// network of buildCnnLstm → its sizes, for peers that build the same

import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { BatchNorm, Conv2d, Dense, Dropout, Lstm, MaxPool2d } from 'speech-emotion/layers';

/** The sizes of a network: convolution blocks, a bidirectional LSTM, attention and mean over the frames, one dense layer. */
export interface Architecture {
  readonly bins: number;
  readonly classes: number;
  readonly convolution: readonly {
    readonly filters: number;
    readonly kernelSize: readonly [number, number];
    readonly pool: readonly [number, number];
    /** Whether pooling filters before it thins out. */
    readonly antiAlias: boolean;
    readonly epsilon: number;
    readonly momentum: number;
  }[];
  readonly inputDropout: number;
  readonly units: number;
  readonly headDropout: number;
  /** How many numbers are trained: a peer has to have as many. */
  readonly parameters: number;
}

/** @throws {RangeError} when the network is not of the kind that the peers can build */
export function architectureOf(network: LayersModel): Architecture {
  const of = <T extends layers.Layer>(kind: new (...options: never[]) => T) =>
    network.layers.filter((layer): layer is T => layer instanceof kind);
  const [convolutions, pools, norms] = [of(Conv2d), of(MaxPool2d), of(BatchNorm)];
  const [[lstm, ...lstms], [classes, ...hidden], dropouts] = [of(Lstm), of(Dense), of(Dropout)];
  if (lstm?.options.direction !== 'bidirectional' || !classes || lstms.length + hidden.length > 0) {
    throw new RangeError('Cannot describe the network: it must have one bidirectional LSTM and one dense layer');
  }
  if (convolutions.some(({ options }) => options.strides.some((stride) => stride !== 1) || options.useBias)) {
    throw new RangeError('Cannot describe the network: its convolutions must have stride 1 and no bias');
  }
  if (pools.length !== convolutions.length || dropouts.length !== 2) {
    throw new RangeError('Cannot describe the network: all its blocks must pool, none drop; two dropouts must follow');
  }
  return {
    bins: network.inputs[0]!.shape[2]!,
    classes: classes.options.units,
    convolution: convolutions.map(({ options: { filters, kernelSize } }, i) => ({
      filters,
      kernelSize,
      pool: pools[i]!.options.size,
      antiAlias: pools[i]!.options.antiAlias,
      epsilon: norms[i]!.options.epsilon,
      momentum: norms[i]!.options.momentum,
    })),
    inputDropout: dropouts[0]!.options.rate,
    units: lstm.options.units,
    headDropout: dropouts[1]!.options.rate,
    parameters: network.trainableWeights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a! * b!, 1)!, 0),
  };
}
