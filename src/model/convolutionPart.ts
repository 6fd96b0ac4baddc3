// spectrogram → convolution blocks → frames of features

import * as tfl from '@tensorflow/tfjs-layers';
import {
  checkBoolean,
  checkInteger,
  checkNothingElse,
  checkOptions,
  checkPair,
  checkShare,
  type Resolved,
} from '../core/check.ts';
import { BatchNorm } from '../layers/batchNorm.ts';
import { Conv2d } from '../layers/conv2d.ts';
import { MOST } from '../layers/layer.ts';
import { MaxPool2d } from '../layers/maxPool2d.ts';
import type { ConvBlockOptions } from './cnnLstmOptions.ts';
import { ACTION, apply, drop, layerSeed } from './networkPart.ts';

/** @throws {RangeError} when an option is out of range */
export function resolveBlock(block: ConvBlockOptions, index: number): Resolved<ConvBlockOptions> {
  const name = `convolution[${index}]`;
  const { filters, kernelSize = [3, 3], strides = [1, 1], pool = [2, 2], ...rest } = checkOptions(ACTION, block, name);
  const { antiAlias = false, dropout = 0, ...others } = rest;
  checkNothingElse(ACTION, others, name);
  checkInteger(ACTION, `${name}.filters`, filters, 1, MOST);
  checkPair(ACTION, `${name}.kernelSize`, kernelSize, MOST);
  checkPair(ACTION, `${name}.strides`, strides, MOST);
  checkPair(ACTION, `${name}.pool`, pool, MOST);
  checkBoolean(ACTION, `${name}.antiAlias`, antiAlias);
  checkShare(ACTION, `${name}.dropout`, dropout);
  return { filters, kernelSize, strides, pool, antiAlias, dropout };
}

/**
 * One block, [batch, frames, bins, channels] → [batch, frames', bins', filters].
 *
 * Pooling comes before normalisation and ReLU, which then process a quarter of the values; since the maximum of a window commutes with
 * increasing functions, only the batch statistics differ from the usual order. The filter of anti-aliased pooling does not commute with
 * the ReLU, which then comes after it and not before, as it does in the paper.
 */
export function convBlock(
  input: tfl.SymbolicTensor,
  block: Resolved<ConvBlockOptions>,
  index: number,
  seed: number,
): tfl.SymbolicTensor {
  const { filters, kernelSize, strides, pool, antiAlias, dropout } = block;
  const name = (part: string) => `conv${index + 1}_${part}`;
  let x = apply(
    new Conv2d({
      name: name('conv'),
      filters,
      kernelSize,
      strides,
      useBias: false,
      seed: layerSeed(seed, name('conv')),
    }),
    input,
  );
  if (pool[0] > 1 || pool[1] > 1) x = apply(new MaxPool2d({ name: name('pool'), size: pool, antiAlias }), x);
  x = apply(new BatchNorm({ name: name('norm'), activation: 'relu' }), x);
  return drop(x, dropout, 'channel', name('dropout'), seed);
}

/** [batch, frames, bins, features] → [batch, frames, bins · features]; a sequence stays as it is. */
export function toSequence(x: tfl.SymbolicTensor, name = 'sequence'): tfl.SymbolicTensor {
  if (x.shape.length === 3) return x;
  const [, , bins, features] = x.shape;
  if (x.shape.length !== 4 || bins == null || features == null) {
    throw new RangeError(
      `Cannot build CNN-LSTM: convolution must give [batch, frames, bins, features], got [${x.shape.map(String)}]`,
    );
  }
  return apply(tfl.layers.reshape({ name, targetShape: [null, bins * features] }), x);
}
