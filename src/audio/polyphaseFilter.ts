// a converter, two rates → the converter's filter, measured, which takes a third of its time
//
// The converter is linear, and its output shifts by `outStep` samples where its input shifts by `inStep`: what it gives for a
// single 1 at each of `inStep` places describes it completely. It interpolates each coefficient at each use; the
// measured ones are there as they are needed, and the sums differ from the converter's by the rounding of the last bit.

import { type Converter, reachOf } from './converter.ts';

/** The filter between two rates: output sample n is a sum of products with the coefficients of phase n modulo `outStep`. */
export class PolyphaseFilter {
  readonly #inStep: number;
  readonly #outStep: number;
  readonly #reach: number;
  /** Coefficients a phase. */
  readonly #taps: number;
  /** [outStep, taps]; the first of a phase belongs to the input `#reach` before the output's place. */
  readonly #coefficients: Float64Array;

  /** @param from the input's rate: `inStep` input samples last as long as `outStep` at the rate `to` */
  constructor(converter: Converter, from: number, to: number, inStep: number, outStep: number) {
    this.#inStep = inStep;
    this.#outStep = outStep;
    this.#reach = reachOf(from, to);
    this.#taps = 2 * this.#reach + 1;
    this.#coefficients = new Float64Array(outStep * this.#taps);
    const first = inStep * Math.ceil(this.#reach / inStep); // far enough from the start that the whole response is there
    for (let place = first; place < first + inStep; place++) {
      const impulse = new Float32Array(place + this.#reach);
      impulse[place] = 1;
      for (const [n, value] of converter.convert(impulse, from, to).entries()) {
        const tap = place - this.#placeOf(n) + this.#reach;
        if (tap >= 0 && tap < this.#taps) this.#coefficients[(n % outStep) * this.#taps + tap] = value;
      }
    }
  }

  /**
   * Output samples from `skipped` on, as many as the target takes, of an input before and after which there is silence.
   *
   * @param target overwritten
   */
  convert(input: Float32Array, skipped: number, target: Float32Array): void {
    const taps = this.#taps;
    const coefficients = this.#coefficients;
    const [inStep, outStep, length] = [this.#inStep, this.#outStep, target.length];
    const values = new Float64Array(this.#placeOf(skipped + length) + taps);
    values.set(input.subarray(0, values.length - this.#reach), this.#reach);
    for (let first = 0; first < Math.min(outStep, length); first++) {
      const row = ((skipped + first) % outStep) * taps;
      let n = first;
      // Four samples of one phase at a time, since fetching a coefficient costs as much as the product.
      for (; n + 3 * outStep < length; n += 4 * outStep) {
        let i = this.#placeOf(skipped + n);
        let a = 0;
        let b = 0;
        let c = 0;
        let d = 0;
        for (let tap = row; tap < row + taps; tap++, i++) {
          const weight = coefficients[tap]!;
          a += weight * values[i]!;
          b += weight * values[i + inStep]!;
          c += weight * values[i + 2 * inStep]!;
          d += weight * values[i + 3 * inStep]!;
        }
        target[n] = a;
        target[n + outStep] = b;
        target[n + 2 * outStep] = c;
        target[n + 3 * outStep] = d;
      }
      for (; n < length; n += outStep) {
        let i = this.#placeOf(skipped + n);
        let sum = 0;
        for (let tap = row; tap < row + taps; tap++, i++) sum += coefficients[tap]! * values[i]!;
        target[n] = sum;
      }
    }
  }

  /** The input sample at, or last before, the time of an output sample. */
  #placeOf(n: number): number {
    return Math.floor((n * this.#inStep) / this.#outStep);
  }
}
