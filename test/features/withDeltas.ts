// samples → log-mel levels and how fast they change: a kind of features as a host writes it, frames that depend on their neighbours

import { deltas } from '../../src/features/deltas.ts';
import type { Features } from '../../src/features/featureKinds.ts';
import type { FeatureMatrix } from '../../src/features/featureMatrix.ts';
import { LogMel, type LogMelOptions } from '../../src/features/logMel.ts';

/** Frames to either side that a slope is taken over. */
const CONTEXT = 2;

export class WithDeltas implements Features {
  static readonly spectral = false;
  readonly options: LogMel['options'];
  readonly bins: number;
  readonly reach: readonly [number, number];
  readonly #logMel: LogMel;

  constructor(options: LogMelOptions = {}) {
    this.#logMel = new LogMel(options);
    this.options = this.#logMel.options;
    this.bins = 2 * this.#logMel.bins;
    const context = CONTEXT * this.options.hopLength;
    this.reach = [this.#logMel.reach[0] - context, this.#logMel.reach[1] + context];
  }

  frameCount(sampleCount: number): number {
    return this.#logMel.frameCount(sampleCount);
  }

  compute(samples: Float32Array): FeatureMatrix {
    const levels = this.#logMel.compute(samples);
    return this.#join(levels, 0, levels.frames);
  }

  computeFrames(samples: Float32Array, start: number, end: number): FeatureMatrix {
    const first = Math.max(0, start - CONTEXT);
    const last = Math.min(this.frameCount(samples.length), end + CONTEXT);
    return this.#join(this.#logMel.computeFrames(samples, first, last), start - first, end - first);
  }

  #join(levels: FeatureMatrix, start: number, end: number): FeatureMatrix {
    const { values: slopes } = deltas(levels, { windowLength: 2 * CONTEXT + 1 });
    const values = new Float32Array((end - start) * this.bins);
    for (let frame = start; frame < end; frame++) {
      const from = frame * levels.bins;
      const to = (frame - start) * this.bins;
      values.set(levels.values.subarray(from, from + levels.bins), to);
      values.set(slopes.subarray(from, from + levels.bins), to + levels.bins);
    }
    return { values, frames: end - start, bins: this.bins };
  }
}
