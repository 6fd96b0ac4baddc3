// a decoder in WebAssembly whose file is over → the same for the next file, as it was when it was new
//
// A new one takes some milliseconds for each file: it has 16 MiB of memory, which a collection of garbage gives back. (So has one that
// was `reset`: the packages make another.) Its memory is put back to what it was, whatever a file has done to it: nothing of one file,
// forged ones included, is left for the next.

import { isArrayBuffer } from '../../core/realm.ts';

/** Decoders that are kept at most, of 16 to 28 MiB each. */
const MOST_KEPT = 3;

/** What decoders have inside (mpg123-decoder 1.0, opus-decoder 0.7), or what they have inside has (flac 0.2, ogg-vorbis 0.1). */
interface Insides {
  readonly _common?: { readonly wasm?: { readonly HEAP?: unknown } };
  readonly _decoder?: unknown;
}

/** A decoder, and what it was when it was new. */
interface Keepable {
  /** Those of one kind can be used in place of each other. */
  readonly kind: string;
  readonly decoder: object;
  readonly memory: Uint8Array;
  /** The beginning of the memory, behind which there were zeros. */
  readonly beginning: Uint8Array;
  /** Objects, and copies of their properties. */
  readonly objects: readonly (readonly [object, object])[];
}

const keepables = new WeakMap<object, Keepable>();
/** Those that wait for a file, the one that was used last at the end. */
const kept: Keepable[] = [];

/**
 * Makes it possible to keep a decoder. One that is other than known inside is left alone.
 *
 * @param kind decoders of one kind can be used in place of each other
 * @param decoder a new one
 */
export function makeKeepable(kind: string, decoder: object): void {
  const inside = insideOf(decoder);
  const heap = inside._common?.wasm?.HEAP;
  if (!isArrayBuffer(heap)) return;
  const memory = new Uint8Array(heap);
  const objects = [decoder, inside].map((object) => [object, { ...object }] as const);
  keepables.set(decoder, { kind, decoder, memory, beginning: memory.slice(0, zerosFrom(heap)), objects });
}

/** Keeps a decoder whose file has been decoded to its end, if it can be kept. */
export function keepDecoder(decoder: object): void {
  const keepable = keepables.get(decoder);
  if (!keepable || keepable.memory.length === 0) return; // memory that has grown is another
  kept.push(keepable);
  if (kept.length > MOST_KEPT) kept.shift();
}

/** A decoder of a kind that was kept, as new; undefined where there is none. */
export function takeKept(kind: string): object | undefined {
  const at = kept.findLastIndex((keepable) => keepable.kind === kind);
  if (at < 0) return undefined;
  const [{ decoder, memory, beginning, objects }] = kept.splice(at, 1) as [Keepable];
  memory.set(beginning);
  memory.fill(0, beginning.length);
  for (const [object, properties] of objects) {
    // Some have no setter: those stay as they are.
    for (const key of Reflect.ownKeys(properties)) Reflect.set(object, key, Reflect.get(properties, key));
  }
  return decoder;
}

function insideOf(decoder: Insides): Insides {
  return typeof decoder._decoder === 'object' && decoder._decoder !== null ? decoder._decoder : decoder;
}

/** From where on there are only zeros, in bytes. */
function zerosFrom(memory: ArrayBuffer): number {
  const words = new Int32Array(memory);
  let { length } = words;
  while (length > 0 && words[length - 1] === 0) length--;
  return 4 * length;
}
