// two frames → their power spectra at once, in WebAssembly

import { instantiate, newMemory } from '../core/instantiate.ts';
import bytes from './spectra.wasm.ts';

/** What assembly/spectra.ts exports; the parameters stand there. */
interface Exports {
  transformToPower(...parameters: number[]): void;
  sumBands(...parameters: number[]): void;
  windowPair(...parameters: number[]): void;
}

/** Which bins of a spectrum a band sums, and how much each of them counts. */
export interface Band {
  /** The bin that the first of the weights is for. */
  readonly firstBin: number;
  /** Weights of that bin and those after it. */
  readonly weights: Float64Array;
}

/**
 * Transforms frames two by two, in a third of the time that JavaScript takes for one after the other. All instances share their
 * memory: from {@link SpectraPairs.set} on, no other may be used until the last result has been read.
 */
export class SpectraPairs {
  readonly #length: number;
  readonly #engine: Engine;
  readonly #plan: Plan;
  #bands = { count: 0, list: 0, weights: 0, sums: 0 };
  #window = { length: 0, offset: 0, weights: 0, frames: 0 };

  private constructor(engine: Engine, length: number) {
    this.#engine = engine;
    this.#length = length;
    this.#plan = engine.plan(length);
  }

  /**
   * @param length samples a frame, a power of two from 4 to 65536
   * @returns undefined where the engine has no SIMD, or a content security policy allows no WebAssembly
   */
  static open(length: number): SpectraPairs | undefined {
    if (shared === undefined) shared = Engine.open() ?? null;
    return shared ? new SpectraPairs(shared, length) : undefined;
  }

  /**
   * Says which bands {@link SpectraPairs.bandPower} is to sum, and what samples are weighed by.
   *
   * @param window a weight a sample
   * @param offset of the window in the transform's input
   * @returns the samples of two frames, to be written
   */
  set(bands: readonly Band[], window: Float64Array, offset: number): [Float32Array, Float32Array] {
    const weights = bands.reduce((sum, band) => sum + band.weights.length, 0);
    const ofBands = 8 * bands.length + 8 * weights + 16 * bands.length;
    const list = this.#engine.reserve(ofBands + 16 * window.length);
    this.#window = {
      ...{ length: window.length, offset },
      ...{ weights: list + ofBands, frames: list + ofBands + 8 * window.length },
    };
    this.#bands = {
      count: bands.length,
      list,
      weights: list + 8 * bands.length,
      sums: list + 8 * (bands.length + weights),
    };
    const { buffer } = this.#engine.memory;
    const bins = new Uint32Array(buffer, list, 2 * bands.length);
    const values = new Float64Array(buffer, this.#bands.weights, weights);
    let at = 0;
    for (const [i, band] of bands.entries()) {
      bins[2 * i] = band.firstBin;
      bins[2 * i + 1] = band.weights.length;
      values.set(band.weights, at);
      at += band.weights.length;
    }
    new Float64Array(buffer, this.#window.weights, window.length).set(window);
    const frame = (i: number) => new Float32Array(buffer, this.#window.frames + 4 * window.length * i, window.length);
    return [frame(0), frame(1)];
  }

  /** The power in each of the bands, a pair of numbers a band. */
  bandPower(): Float64Array {
    const { input, turns, places, angles, power } = this.#plan;
    const { count, list, weights, sums } = this.#bands;
    const { length, offset, weights: window, frames } = this.#window;
    this.#engine.run.windowPair(
      ...[frames, frames + 4 * length, window, length, input],
      ...[offset, this.#length - offset - length],
    );
    this.#engine.run.transformToPower(input, this.#length / 2, turns, places, angles, power);
    this.#engine.run.sumBands(power, list, count, weights, sums);
    return new Float64Array(this.#engine.memory.buffer, sums, 2 * count);
  }
}

/** Where the tables and buffers of a length lie. */
interface Plan {
  readonly input: number;
  readonly power: number;
  readonly turns: number;
  readonly places: number;
  readonly angles: number;
}

const PAGE = 65536;

/** The module, its memory, and what lies where in it. */
class Engine {
  readonly run: Exports;
  readonly memory: WebAssembly.Memory;
  readonly #plans = new Map<number, Plan>();
  #end = 16;

  private constructor(run: Exports, memory: WebAssembly.Memory) {
    this.run = run;
    this.memory = memory;
  }

  static open(): Engine | undefined {
    const memory = newMemory();
    const run = memory && instantiate<Exports>(bytes, memory);
    return run && new Engine(run, memory);
  }

  /** The address of memory behind all that is there, to be had until the next reservation. */
  reserve(size: number): number {
    const missing = this.#end + size - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    return this.#end;
  }

  /** The tables of a length, made once. */
  plan(frameLength: number): Plan {
    const known = this.#plans.get(frameLength);
    if (known) return known;
    const length = frameLength / 2;
    const turns = turnsOf(length);
    const sizes = [
      16 * frameLength,
      16 * (length + 1),
      turns.byteLength,
      8 * Math.ceil(length / 2),
      16 * (length / 2 + 1),
    ];
    const address = this.reserve(sizes.reduce((a, b) => a + b, 0));
    const [input, power, turnsAt, places, angles] = sizes.map((_, i) =>
      sizes.slice(0, i).reduce((a, b) => a + b, address),
    ) as [number, number, number, number, number];
    this.#end = angles + sizes.at(-1)!;
    const { buffer } = this.memory;
    new Float64Array(buffer, turnsAt, turns.length).set(turns);
    new Uint32Array(buffer, places, length).set(Uint32Array.from({ length }, (_, k) => 32 * placeOf(k, length)));
    const table = new Float64Array(buffer, angles, 2 * (length / 2 + 1));
    for (let k = 0; k <= length / 2; k++) {
      table[2 * k] = Math.cos((Math.PI * k) / length);
      table[2 * k + 1] = Math.sin((Math.PI * k) / length);
    }
    const plan = { input, power, turns: turnsAt, places, angles };
    this.#plans.set(frameLength, plan);
    return plan;
  }
}

let shared: Engine | null | undefined;

/** exp(−2πij/size), its square and its cube, for the four-way stages, largest first. */
function turnsOf(length: number): Float64Array {
  const turns: number[] = [];
  for (let size = length; size >= 4; size /= 4) {
    for (let j = 0; j < size / 4; j++) {
      for (const power of [1, 2, 3]) {
        const angle = (-2 * Math.PI * j * power) / size;
        turns.push(Math.cos(angle), Math.sin(angle));
      }
    }
  }
  return Float64Array.from(turns);
}

/** Where bin k of a transform of `size` is left by decimation in frequency. */
function placeOf(k: number, size: number): number {
  if (size === 1) return 0;
  const ways = size >= 4 ? 4 : 2;
  return ((k % ways) * size) / ways + placeOf(Math.floor(k / ways), size / ways);
}
