// what has to be computed or moved, and how fast this machine can → the least time that it can take

import * as tf from '@tensorflow/tfjs-core';
import { compare, type Measurement, type Spread, timed } from './measure.ts';

/** The least time for a case: if all of it ran at the best rate that the machine has for work of that kind. */
export interface Limit {
  readonly case: string;
  readonly backend: string;
  /** Floating-point operations at the rate of plain `tf.matMul`, or bytes read and written at the rate of a copy. */
  readonly by: 'matMul' | 'copy';
  /** Operations or bytes. */
  readonly amount: number;
  /** Of those, how many a second. */
  readonly rate: number;
  /** amount / rate. */
  readonly least: Spread;
  /** What this library takes, and which part of that the limit is. */
  readonly ours: Spread;
  readonly share: number;
}

/** What is looked at, and how. */
export interface LimitOptions extends Pick<Limit, 'case' | 'backend' | 'by' | 'amount'> {
  readonly ours: Measurement;
  /** @default 7 */
  readonly rounds?: number;
  /** @default 2 */
  readonly warmUps?: number;
}

/** Measures the rate of the active backend in turn with the case itself. */
export async function limitOf({ by, amount, rounds = 7, ...rest }: LimitOptions): Promise<Limit> {
  const rate = by === 'matMul' ? await matMulRate() : copyRate();
  const theirs = async () => (1000 * amount) / (await rate());
  const found = await compare({ ...rest, rounds, against: by, aim: 1, theirs });
  const { case: name, backend, ours, theirs: least, ratio: share } = found;
  return { case: name, backend, by, amount, rate: (1000 * amount) / least.median, least, ours, share };
}

/** Operations a second of `tf.matMul`: of square products, each twice as large as the one before, the fastest. */
async function matMulRate(): Promise<Measurement> {
  let best = { rate: 0, measure: (() => 0) as Measurement };
  for (let size = 128; ; size *= 2) {
    const operations = 2 * size ** 3;
    const factor = tf.keep(tf.randomNormal<tf.Rank.R2>([size, size]));
    const run = timed(async () => {
      const product = tf.matMul(factor, factor);
      await product.data();
      product.dispose();
    });
    const measure = async () => operations / ((await run()) / 1000);
    const rate = Math.max(await measure(), await measure(), await measure());
    if (rate > best.rate) best = { rate, measure };
    if (operations / rate > 0.05) return best.measure;
  }
}

/** Bytes a second, those read and those written, of copying memory that no cache holds. */
function copyRate(): Measurement {
  const source = new Float32Array(2 ** 24).fill(1);
  const target = new Float32Array(source.length);
  const run = timed(() => target.set(source));
  return async () => (2 * source.byteLength) / ((await run()) / 1000);
}
