// a package with a decoder in WebAssembly → the decoder, ready
//
// Builds of mpg123, libFLAC, libvorbis and libopus with the binary inside the script, the same in Node and browsers, each loaded when the
// first file of its kind comes. What they skip as damaged they report to the console, of themselves.

import { AudioFormatError } from '../../core/errors.ts';
import { webAssemblyRefusal } from '../../core/webAssemblyRefusal.ts';
import { makeKeepable, takeKept } from './keptDecoders.ts';

/** The samples of a piece of a file. */
export interface Decoded {
  readonly channelData: readonly Float32Array[];
  readonly sampleRate: number;
  readonly bitDepth?: number | undefined;
}

/** What the packages' decoders have in common. */
interface WasmDecoder {
  /** Settles when the decoder can be used, and not at all where its WebAssembly is refused. */
  readonly ready: Promise<void>;
}

/**
 * A decoder for a file, which is new or as new. Its user gives it to `keepDecoder` when the file has been decoded, but not when it has
 * failed or is left early. It is never freed: a forged file can upset a decoder's memory (0.2.11 of FLAC's frees some twice), so that
 * freeing it traps. It shares nothing, and its memory goes with it.
 *
 * @param name of the format, for messages
 * @param kind which decoders can be used in place of each other
 * @throws {AudioFormatError} where WebAssembly is refused, or the package cannot be loaded: a bundle may lack it
 */
export async function openWasmDecoder<D extends WasmDecoder>(
  name: string,
  make: () => Promise<D>,
  kind = name,
): Promise<D> {
  const kept = takeKept(kind);
  if (kept) return kept as D;
  const cause = await webAssemblyRefusal();
  if (cause !== undefined) {
    throw new AudioFormatError(
      `Cannot decode audio: ${name} takes WebAssembly, which is refused here (a page's policy must have ` +
        "'wasm-unsafe-eval' in its script-src); WAV does not",
      { cause },
    );
  }
  const decoder = await withWorkerClass(make).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AudioFormatError(`Cannot decode audio: the decoder of ${name} could not be loaded: ${reason}`, { cause });
  });
  await decoder.ready;
  makeKeepable(kind, decoder);
  return decoder;
}

/** How many packages are being loaded where there is no `Worker`. */
let loading = 0;

/**
 * Loads a package in a service worker, which has no `Worker`: the packages have variants that run in one, and need a class to extend
 * while they are loaded. No other code sees it for longer.
 */
async function withWorkerClass<T>(load: () => Promise<T>): Promise<T> {
  const isLacking = 'ServiceWorkerGlobalScope' in globalThis && (loading > 0 || !('Worker' in globalThis));
  if (!isLacking) return load();
  if (loading++ === 0) Object.defineProperty(globalThis, 'Worker', { value: class {}, configurable: true });
  try {
    return await load();
  } finally {
    if (--loading === 0) Reflect.deleteProperty(globalThis, 'Worker');
  }
}
