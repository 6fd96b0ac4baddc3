// samples around the places of output samples, a filter → these output samples
//
// In WebAssembly with SIMD; where that is refused, in loops that sum in float64 and differ by rounding.

import { instantiate, newMemory } from '../core/instantiate.ts';
import bytes from './resample.wasm.ts';
import { isInterpolated, type SincFilter } from './sincFilter.ts';

/** What assembly/resample.ts exports; the parameters stand there. */
interface Exports {
  byPhases(...parameters: number[]): void;
  between(...parameters: number[]): void;
}

/** Computes output samples. */
export interface SincSums {
  /** Products that take some 5 ms. */
  readonly productsATurn: number;
  /**
   * @param filter between the two rates
   * @param input samples; the first is that of the first weight of the first output sample
   * @param first the number of the first output sample, modulo `outStep`
   * @param target the output samples, overwritten
   */
  sum(filter: SincFilter, input: Float32Array, first: number, target: Float32Array): void;
}

/** The one that is shared by all: it keeps nothing but the rows of the filter that was used last. */
export function sincSums(): SincSums {
  shared ??= SimdSums.open() ?? LOOPS;
  return shared;
}

let shared: SincSums | undefined;

const PAGE = 65536;

class SimdSums implements SincSums {
  readonly productsATurn = 4e7;
  readonly #run: Exports;
  readonly #memory: WebAssembly.Memory;
  #resident: SincFilter | undefined;

  private constructor(run: Exports, memory: WebAssembly.Memory) {
    this.#run = run;
    this.#memory = memory;
  }

  static open(): SimdSums | undefined {
    const memory = newMemory();
    const run = memory && instantiate<Exports>(bytes, memory);
    return run && new SimdSums(run, memory);
  }

  sum(filter: SincFilter, input: Float32Array, first: number, target: Float32Array): void {
    const { inStep, outStep, taps, phases, rows } = filter;
    const [rowsAt, inputAt] = [16, 16 + rows.byteLength];
    const outputAt = inputAt + input.byteLength;
    const missing = outputAt + target.byteLength - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    const { buffer } = this.#memory;
    if (this.#resident !== filter) new Float32Array(buffer, rowsAt, rows.length).set(rows);
    this.#resident = filter;
    new Float32Array(buffer, inputAt, input.length).set(input);
    const parameters = [inputAt, outputAt, target.length, first, inStep, outStep, rowsAt, taps];
    if (isInterpolated(filter)) this.#run.between(...parameters, phases);
    else this.#run.byPhases(...parameters);
    target.set(new Float32Array(buffer, outputAt, target.length));
  }
}

const LOOPS: SincSums = {
  productsATurn: 5e6,

  sum(filter, input, first, target) {
    const { inStep, outStep, taps, phases, rows } = filter;
    const sumOf = (row: number, at: number) => {
      let sum = 0;
      for (let tap = 0; tap < taps; tap++) sum += rows[row * taps + tap]! * input[at + tap]!;
      return sum;
    };
    const start = Math.floor((first * inStep) / outStep);
    for (let k = 0; k < target.length; k++) {
      const position = (first + k) * inStep;
      const place = Math.floor(position / outStep);
      const at = place - start;
      if (!isInterpolated(filter)) {
        target[k] = sumOf((first + k) % outStep, at);
        continue;
      }
      const phase = ((position - place * outStep) * phases) / outStep;
      const row = Math.floor(phase);
      const [left, right] = [sumOf(row, at), sumOf(row + 1, at)];
      target[k] = left + (phase - row) * (right - left);
    }
  },
};
