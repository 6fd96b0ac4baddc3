// frames → one vector

import * as tfl from '@tensorflow/tfjs-layers';
import { AttentionPooling, FinalFrame, MaxPooling, MeanPooling, StatisticsPooling } from '../layers/pooling.ts';
import type { Direction } from '../layers/recurrentOptions.ts';
import type { FramePooling } from './cnnLstmOptions.ts';
import { apply } from './networkPart.ts';

const LAYERS = {
  final: FinalFrame,
  mean: MeanPooling,
  max: MaxPooling,
  statistics: StatisticsPooling,
  attention: AttentionPooling,
};

/**
 * [batch, frames, features] → [batch, features], of several poolings one behind the other.
 *
 * @param direction of the recurrent layer before
 */
export function poolFrames(
  x: tfl.SymbolicTensor,
  poolings: readonly FramePooling[],
  direction: Direction,
  name = 'pool',
): tfl.SymbolicTensor {
  const pooled = poolings.map((pooling) => {
    const own = { name: `${name}_${pooling}` };
    return apply(pooling === 'final' ? new FinalFrame({ ...own, direction }) : new LAYERS[pooling](own), x);
  });
  if (pooled.length === 1) return pooled[0]!;
  return tfl.layers.concatenate({ name }).apply(pooled) as tfl.SymbolicTensor;
}
