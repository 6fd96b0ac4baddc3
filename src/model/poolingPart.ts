// frames → one vector

import * as tfl from '@tensorflow/tfjs-layers';
import { checkNothingElse, checkOneOf } from '../core/check.ts';
import { dependsOnOrder, type FramePooling, POOLINGS } from '../layers/poolings.ts';
import type { Direction } from '../layers/recurrent/recurrentOptions.ts';
import type { FrameClassification, NetworkPart, SeriesOptions } from './cnnLstmOptions.ts';
import { ACTION, apply } from './networkPart.ts';

/** How frames become one vector. */
export type ResolvedPooling = readonly FramePooling[] | NetworkPart;

/**
 * Checks the option `pooling`: poolings as a list, or how frames are classified one by one.
 *
 * @throws {RangeError} when a pooling is unknown or named twice
 */
export function resolvePooling(pooling: NonNullable<SeriesOptions['pooling']>): ResolvedPooling | FrameClassification {
  if (!isFrameClassification(pooling)) return resolvePoolings('pooling', pooling);
  if (pooling === 'frameSum') return pooling;
  const { uncertainFrames, ...others } = pooling;
  checkNothingElse(ACTION, others, 'pooling');
  checkOneOf(ACTION, 'pooling.uncertainFrames', uncertainFrames, ['any', 'run']);
  return pooling;
}

/** Checks poolings and returns them as a list. @throws {RangeError} when one is unknown or named twice */
export function resolvePoolings(
  name: string,
  pooling: FramePooling | readonly FramePooling[] | NetworkPart,
): ResolvedPooling {
  if (typeof pooling === 'function') return pooling;
  const poolings = Array.isArray(pooling) ? (pooling as readonly FramePooling[]) : [pooling as FramePooling];
  if (poolings.length === 0) throw new RangeError(`Cannot ${ACTION}: ${name} must name at least one pooling, got none`);
  for (const one of poolings) checkOneOf(ACTION, name, one, Object.keys(POOLINGS));
  if (new Set(poolings).size < poolings.length) {
    throw new RangeError(`Cannot ${ACTION}: ${name} must name each pooling once, got ${poolings.join(', ')}`);
  }
  return poolings;
}

/** Checks that no pooling depends on the order of the frames, where no recurrent part comes before. */
export function checkOrderless(name: string, pooling: ResolvedPooling | FrameClassification): void {
  const ordered = Array.isArray(pooling) && (pooling as readonly FramePooling[]).find(dependsOnOrder);
  if (!ordered) return;
  throw new RangeError(
    `Cannot ${ACTION}: ${name} must not be ${ordered} where no recurrent part came before, got ${pooling}`,
  );
}

/** Whether frames are classified one by one instead of pooled. */
export function isFrameClassification(pooling: unknown): pooling is FrameClassification {
  return pooling === 'frameSum' || (typeof pooling === 'object' && pooling !== null && 'uncertainFrames' in pooling);
}

/**
 * [batch, frames, features] → [batch, features], the results of several poolings concatenated.
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
    const own = { name: `${name}_${pooling}`, ...(dependsOnOrder(pooling) && { direction }) };
    return apply(new POOLINGS[pooling](own), x);
  });
  if (pooled.length === 1) return pooled[0]!;
  return tfl.layers.concatenate({ name }).apply(pooled) as tfl.SymbolicTensor;
}
