// bytes → bytes that somebody damaged

import type { RandomStream } from 'speech-emotion/layers';
import { between, happens, pick, randomBytes } from './chance.ts';

/** Bytes end to end. */
export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Letters as bytes, one each. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** A whole number in so many bytes, the lowest first. */
export function little(value: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 2 ** (8 * i)) % 256);
}

/** A whole number in so many bytes, the highest first. */
function big(value: number, bytes: number): Uint8Array {
  return little(value, bytes).reverse();
}

/** Does one to four things to bytes that transmission, storage, editors and attackers do; headers get more than their share. */
export function damage(random: RandomStream, bytes: Uint8Array, other: Uint8Array = bytes): Uint8Array {
  let damaged: Uint8Array = bytes.slice();
  for (let times = between(random, 1, 4); times > 0; times--) {
    damaged = pick(random, DAMAGES)(random, damaged, other);
  }
  return damaged;
}

type Damage = (random: RandomStream, bytes: Uint8Array, other: Uint8Array) => Uint8Array;

/** In the first bytes half of the time. */
function place(random: RandomStream, { length }: Uint8Array): number {
  if (length === 0) return 0;
  return random.integer(happens(random, 0.5) ? Math.min(length, 64) : length);
}

const SIZES = [0, 1, 2, 4, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff];

const flipBit: Damage = (random, bytes) => {
  if (bytes.length > 0) bytes[place(random, bytes)]! ^= 1 << random.integer(8);
  return bytes;
};
const overwrite: Damage = (random, bytes) => {
  const at = place(random, bytes);
  bytes.set(randomBytes(random, Math.min(between(random, 1, 8), bytes.length - at)), at);
  return bytes;
};
const oddSize: Damage = (random, bytes) => {
  const width = pick(random, [1, 2, 4]);
  const at = place(random, bytes);
  const sizes = [...SIZES, bytes.length, bytes.length - 1, bytes.length + 1, bytes.length - at];
  const size = (happens(random, 0.7) ? little : big)(Math.max(0, pick(random, sizes)), width);
  if (at + width <= bytes.length) bytes.set(size, at);
  return bytes;
};
const cut: Damage = (random, bytes) => bytes.slice(0, random.integer(bytes.length + 1));
const behead: Damage = (random, bytes) => bytes.slice(place(random, bytes));
const remove: Damage = (random, bytes) => {
  const at = place(random, bytes);
  return join(bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + between(random, 1, 40))));
};
const insert: Damage = (random, bytes) => {
  const at = place(random, bytes);
  return join(bytes.subarray(0, at), randomBytes(random, between(random, 1, 40)), bytes.subarray(at));
};
const repeat: Damage = (random, bytes) => {
  const at = place(random, bytes);
  const part = bytes.subarray(at, at + between(random, 1, 200));
  return join(bytes.subarray(0, at + part.length), part, bytes.subarray(at + part.length));
};
const blank: Damage = (random, bytes) => {
  const at = place(random, bytes);
  return bytes.fill(pick(random, [0, 0xff]), at, at + between(random, 1, 100));
};
const append: Damage = (random, bytes, other) => join(bytes, happens(random, 0.5) ? other : randomBytes(random, 50));
const prepend: Damage = (random, bytes, other) =>
  join(pick(random, [other.subarray(0, 100), id3Tag(random), new Uint8Array(64)]), bytes);

const DAMAGES = [
  ...[flipBit, flipBit, overwrite, overwrite, oddSize, oddSize, oddSize],
  ...[cut, behead, remove, insert, repeat, blank, append, prepend],
];

/** An ID3v2 tag, its size right or not. */
export function id3Tag(random: RandomStream): Uint8Array {
  const content = randomBytes(random, random.integer(60));
  const size = happens(random, 0.7) ? content.length : random.integer(2 ** 28);
  const sevenBits = Uint8Array.from([21, 14, 7, 0], (shift) => (size >> shift) & 127);
  return join(
    latin1('ID3'),
    Uint8Array.of(pick(random, [2, 3, 4]), 0, pick(random, [0, 0x10, 0x80])),
    sevenBits,
    content,
  );
}
