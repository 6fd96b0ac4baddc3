// activations → activations normalised a channel: one dispatch for all sums and one for all activations, forward and back

import * as tf from '@tensorflow/tfjs-core';
import type { BatchNormImplementation } from '../../signatures/batchNorm.ts';
import { MOST_INVOCATIONS, runProgram } from '../../tfjs/webgpuProgram.ts';
import { elementwise } from './elementwise.ts';
import { SUM_OVER_WORKGROUP } from './workgroupSum.ts';

/** Batch normalisation on WebGPU. */
export const webgpuBatchNorm: BatchNormImplementation = {
  forward({ x, gamma, beta }, { epsilon, rectify }) {
    const channels = gamma.size;
    // Sums about the first row: without it the sum of squares would cancel where the mean is far from 0.
    const statistics = sumsOfChannels(
      { x: tf.reshape(x, [-1, channels]) },
      'vec2<f32>(x[i] - x[channel], (x[i] - x[channel]) * (x[i] - x[channel]))',
      `
    let offset = total.x / count;
    result[channel] = x[channel] + offset;
    result[CHANNELS + channel] = max(0.0, total.y / count - offset * offset);`,
      channels,
    );
    const scale = `${inverse('statistics[CHANNELS + c]', epsilon)} * gamma[c]`;
    const y = elementwise(
      { x, statistics, gamma, beta },
      rectify ? 'select(value, 0.0, value < 0.0)' : 'value', // max may lose what is not a number
      `${ofChannel(channels)} let value = (x[i] - statistics[c]) * ${scale} + beta[c];`,
    );
    return [y, section(statistics, 0, channels), section(statistics, 1, channels)];
  },

  gradient([dyOrNone], { x, gamma }, results, { epsilon, rectify }) {
    const dy = dyOrNone!;
    const [y, mean, variance] = results as [tf.Tensor, tf.Tensor, tf.Tensor];
    const channels = gamma.size;
    const passed = rectify ? { dy, y } : { dy };
    const passedOn = rectify ? 'select(0.0, dy[i], y[i] > 0.0)' : 'dy[i]';
    const [dx, dGamma, dBeta] = tf.tidy(() => {
      // Σ dy · x̂ and Σ dy: the gradients of γ and β.
      const sums = sumsOfChannels(
        { x: tf.reshape(x, [-1, channels]), ...passed, mean, variance },
        `${passedOn} * vec2<f32>(x[i] - mean[channel], 1.0)`,
        `
      result[channel] = total.x * ${inverse('variance[channel]', epsilon)};
      result[CHANNELS + channel] = total.y;`,
        channels,
      );
      // dx = γ/σ · (dy − mean(dy) − x̂ · mean(dy·x̂))
      const dx = elementwise(
        { x, ...passed, gamma, mean, variance, sums },
        `gamma[c] * inverse * (${passedOn} - (sums[CHANNELS + c] + (x[i] - mean[c]) * inverse * sums[c]) / ${x.size / channels}.0)`,
        `${ofChannel(channels)} let inverse = ${inverse('variance[c]', epsilon)};`,
      );
      return [dx, section(sums, 0, channels), section(sums, 1, channels)];
    }) as [tf.Tensor, tf.Tensor, tf.Tensor];
    return { x: () => dx, gamma: () => dGamma, beta: () => dBeta };
  },
};

/** Two sums for each channel over all rows, and what is made of them: code sees `i` and `channel`, then `total` and `count`. */
function sumsOfChannels(
  inputs: Readonly<Record<string, tf.Tensor>> & { readonly x: tf.Tensor },
  addend: string,
  finish: string,
  channels: number,
): tf.Tensor1D {
  const size = MOST_INVOCATIONS;
  const code = `
    const CHANNELS = ${channels};
    var<workgroup> sums : array<vec2<f32>, ${size}>;
    fn main(index : i32) {
      let channel = i32(workgroupId.x);
      let thread = i32(localIndex);
      let rows = uniforms.xShape.x;
      let count = f32(rows);
      var sum = vec2<f32>(0.0);
      for (var row = thread; row < rows; row += ${size}) {
        let i = row * CHANNELS + channel;
        sum += ${addend};
      }
      sums[thread] = sum;
      ${SUM_OVER_WORKGROUP}
      if (thread == 0) {
        let total = sums[0];
        ${finish}
      }
    }`;
  return runProgram({ inputs, outputShape: [2 * channels], workgroups: channels, workgroupSize: size, code });
}

const ofChannel = (channels: number) => `const CHANNELS = ${channels}; let c = i % CHANNELS;`;

const inverse = (variance: string, epsilon: number) => `(1.0 / sqrt(${variance} + ${epsilon}))`;

function section(pair: tf.Tensor1D, index: number, channels: number): tf.Tensor1D {
  return tf.slice1d(pair, index * channels, channels);
}
