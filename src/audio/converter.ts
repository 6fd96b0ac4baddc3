// samples, two rates → libsamplerate's samples at the other rate

/** `ConverterType.SRC_SINC_BEST_QUALITY`, written out as the package that names it is loaded late. */
const BEST_QUALITY = 0;
/** Zero crossings of the sinc that the converter reaches to either side (340239 / 2381 = 143), rounded up. */
const REACH = 150;

/** Input samples to either side of an output sample that the converter's filter reaches. */
export function reachOf(from: number, to: number): number {
  return Math.ceil(REACH * Math.max(1, from / to));
}

/** Libsamplerate's best sinc converter. */
export class Converter {
  readonly #loaded: Loaded;

  constructor(loaded: Loaded) {
    this.#loaded = loaded;
  }

  /**
   * Converts samples, before and after which there is silence.
   *
   * @param input a few seconds at most: the converter's buffers are of a fixed size
   * @returns as many samples as there are until the input's last, or more, in a buffer that the next call overwrites
   */
  convert(input: Float32Array, from: number, to: number): Float32Array {
    const { sourceArray, targetArray, module } = this.#loaded;
    const padded = input.length + reachOf(from, to); // it would stop short of the last output sample without
    sourceArray.set(input);
    sourceArray.fill(0, input.length, padded);
    return targetArray.subarray(0, module.simple(padded, 1, BEST_QUALITY, from, to));
  }
}

type Loaded = Awaited<ReturnType<typeof import('@alexanderolsen/libsamplerate-js')['create']>>;

let converter: Promise<Converter> | undefined;

/** The one converter: it takes both rates at each call and keeps nothing, so that all calls can share it. */
export function loadConverter(): Promise<Converter> {
  converter ??= import('@alexanderolsen/libsamplerate-js').then(async (imported) => {
    // The package is a UMD bundle: Node and most bundlers give its exports as the default one.
    const { create } = imported.default ?? imported;
    return new Converter(await create(1, 48_000, 16_000, { converterType: BEST_QUALITY }));
  });
  converter.catch(() => {
    converter = undefined; // a chunk that failed to load may load the next time
  });
  return converter;
}
