// model, part of a batch → its layers do as if they had the whole

import type * as tfl from '@tensorflow/tfjs-layers';
import type { AddUp } from '../core/threadTeam.ts';
import { everyLayer } from './everyLayer.ts';

/** The clips of a batch that one of several threads has. */
interface BatchPart {
  /** How many clips come before them in the batch. */
  readonly first: number;
  /** How many they are. */
  readonly size: number;
  /** Adds numbers of all parts. */
  readonly addUp: AddUp;
}

const parts = new WeakMap<object, BatchPart>();

/**
 * From now on the batches of a model in training are such parts: masks are those of the clips' places in the whole batch, and batch
 * normalisation is by the statistics of the whole.
 */
export function setBatchPart(model: Pick<tfl.LayersModel, 'layers'>, part: BatchPart): void {
  for (const layer of everyLayer(model)) parts.set(layer, part);
}

/** The part of a batch that a layer sees in training; undefined where it sees all of it. */
export function batchPartOf(layer: object): BatchPart | undefined {
  return parts.get(layer);
}
