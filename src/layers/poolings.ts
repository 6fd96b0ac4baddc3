// name of a pooling in options → the layer that pools
//
// The one list of poolings over time. From a line here follow, in `buildCnnLstm`, the name that `pooling` and `convolutionPooling`
// take, the layers that are built, and that models with them can be loaded. A pooling that depends on the order of the frames has an
// option `direction`: it is given that of the recurrent layer before, and refused where there is none.
//
// Hosts add poolings without a name: a function as the part, `pooling: (x) => new MyPooling().apply(x)`.

import type { BaseLayer, LayerOptions } from './layer.ts';
import { AttentionPooling } from './pooling/attentionPooling.ts';
import { FinalFrame } from './pooling/finalFrame.ts';
import { MaxPooling } from './pooling/maxPooling.ts';
import { MeanPooling } from './pooling/meanPooling.ts';
import { StatisticsPooling } from './pooling/statisticsPooling.ts';
import type { Direction } from './recurrent/recurrentOptions.ts';

/** Poolings by name. */
export const POOLINGS = {
  /** The frame that the recurrent layer read last. */
  final: FinalFrame,
  /** Mean. */
  mean: MeanPooling,
  /** Maximum. */
  max: MaxPooling,
  /** Mean, standard deviation and maximum. */
  statistics: StatisticsPooling,
  /** Mean weighted by attention. */
  attention: AttentionPooling,
} satisfies Record<string, PoolingClass>;

/** How the frames of a sequence become one vector: one of {@link POOLINGS}. */
export type FramePooling = keyof typeof POOLINGS;

/** A pooling that can do without a recurrent layer before it: it does not depend on the order of the frames. */
export type OrderlessPooling = {
  [Name in FramePooling]: 'direction' extends keyof NonNullable<ConstructorParameters<(typeof POOLINGS)[Name]>[0]>
    ? never
    : Name;
}[FramePooling];

/** Whether a pooling depends on the order of the frames, and so on the direction in which they were read. */
export function dependsOnOrder(pooling: FramePooling): boolean {
  return 'direction' in new POOLINGS[pooling]({ name: pooling }).options;
}

interface PoolingClass {
  new (options: LayerOptions & { direction?: Direction | undefined }): BaseLayer;
  readonly className: string;
}
