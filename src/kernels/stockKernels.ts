// active backend → the stock kernels that it lacks for training a convolutional network

import * as tf from '@tensorflow/tfjs-core';
import { filterGradient } from './conv2dFilterGradient.ts';
import { convolutionShape } from './padding.ts';

/**
 * Registers `Conv2DBackpropFilter` on the wasm backend, which ships without it, so that tfjs' own convolution layers
 * train there too. Never replaces a kernel: it acts only where none is registered. The layers of this library do not need
 * it; `buildCnnLstm` calls it because its parts may be replaced by stock layers.
 */
export function ensureKernels(): void {
  const kernelName = 'Conv2DBackpropFilter';
  if (tf.getKernel(kernelName, 'wasm') != null) return;
  tf.registerKernel({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as { x: tf.Tensor4D; dy: tf.Tensor4D };
      const { strides, pad, dataFormat, filterShape } = attrs as unknown as FilterGradientAttributes;
      if (dataFormat !== 'NHWC' || (pad !== 'same' && pad !== 'valid')) {
        throw new RangeError(
          `Cannot compute the filter gradient on wasm: supported are NHWC with pad same or valid, got ${dataFormat} with ${pad}`,
        );
      }
      const [strideY, strideX] = typeof strides === 'number' ? [strides, strides] : strides;
      return filterGradient(x, dy, convolutionShape(x.shape, filterShape, [strideY, strideX], pad));
    },
  });
}

interface FilterGradientAttributes {
  readonly strides: number | [number, number];
  readonly pad: string | number;
  readonly dataFormat: string;
  readonly filterShape: [number, number, number, number];
}
