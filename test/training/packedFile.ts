// a packed file → another one with a right checksum, whatever its header says: written anew from the layout in packedArrays.ts

import fc from 'fast-check';
import { crc32 } from '../../src/core/crc32.ts';

/** A file's header, as it is in it. */
export function headerOf(bytes: Uint8Array): { header: unknown; lengths: number[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + view.getUint32(12, true))));
}

/** The file with another header text, and its floats as they are or changed. */
export function withHeader(bytes: Uint8Array, json: string, floats = floatsOf(bytes)): Uint8Array {
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.length / 4) * 4;
  const file = new Uint8Array(16 + length + floats.byteLength).fill(0x20, 16, 16 + length);
  file.set(bytes.subarray(0, 8));
  file.set(text, 16);
  file.set(new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength), 16 + length);
  return sealed(file, length);
}

/** The floats of a file, copied. */
export function floatsOf(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return new Float32Array(bytes.slice(16 + view.getUint32(12, true)).buffer);
}

/** The file with one bit flipped, and no checksum repaired. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const damaged = bytes.slice();
  damaged[bit >> 3]! ^= 1 << (bit & 7);
  return damaged;
}

function sealed(file: Uint8Array, headerLength: number): Uint8Array {
  const view = new DataView(file.buffer);
  view.setUint32(12, headerLength, true);
  view.setUint32(8, Number.parseInt(crc32(file.subarray(12)), 16), true);
  return file;
}

/** What a field of a header may be made: other types, numbers beyond every bound, what JSON makes of NaN, deep nests. */
const ODD = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    'text',
    [],
    {},
    [[]],
    [null],
    { a: 1 },
    -1,
    0.5,
    -0.5,
    2 ** 31,
    2 ** 53,
    1e300,
  ),
  fc.integer({ min: -3, max: 30 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ maxLength: 5 }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Headers with a field, at any depth, changed, taken out, doubled or added: as JSON. */
export function crafted(header: unknown): fc.Arbitrary<string> {
  const paths = pathsIn(header);
  const change = fc.tuple(fc.constantFrom(...paths), fc.constantFrom('set', 'delete', 'double', 'add'), ODD);
  return fc.oneof(
    {
      weight: 30,
      arbitrary: fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => changed(header, changes)),
    },
    { weight: 1, arbitrary: ODD.map((value) => JSON.stringify(value)) },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 90, max: 10_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
    },
    { weight: 1, arbitrary: fc.constantFrom(...paths).map((path) => nested(header, path)) },
  );
}

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, own]) =>
    pathsIn(own, [...path, Array.isArray(value) ? +key : key]),
  );
  return path.length === 0 ? below : [path, ...below];
}

function changed(header: unknown, changes: readonly (readonly [Path, string, unknown])[]): string {
  const copy = structuredClone(header);
  for (const [path, kind, value] of changes) {
    const holder = path
      .slice(0, -1)
      .reduce<unknown>((own, key) => (own as Record<string, unknown> | null)?.[key], copy);
    if (typeof holder !== 'object' || holder === null) continue; // an earlier change took it away
    const fields = holder as Record<string, unknown>;
    const key = path.at(-1)!;
    if (kind === 'set') fields[key] = value;
    else if (Array.isArray(holder) && kind === 'delete') holder.splice(Number(key), 1);
    else if (Array.isArray(holder) && kind === 'double')
      holder.splice(Number(key), 0, structuredClone(holder[Number(key)]));
    else if (Array.isArray(holder)) holder.push(value);
    else if (kind === 'delete') delete fields[key];
    else fields[kind === 'double' ? `${key}2` : 'unknown'] = value;
  }
  return JSON.stringify(copy);
}

/** The header with ten thousand arrays in each other in place of a field. */
function nested(header: unknown, path: Path): string {
  const mark = 'a place for a nest';
  return changed(header, [[path, 'set', mark]]).replace(`"${mark}"`, '['.repeat(10_000) + ']'.repeat(10_000));
}
