// a packed file of the library's → one with a forged header, forged numbers, a wrong shape, or damage; its checksum repaired, or not
//
// The layout is written out once more, after `src/core/packedArrays.ts` says it: 8 bytes magic, CRC-32 of all from byte 12 on, length
// of the header, header (`{ header, lengths }` as JSON, padded by spaces to a multiple of 4), floats of 32 bits.

import type { RandomStream } from 'speech-emotion/layers';
import { damage, join, latin1, little } from '../bytes.ts';
import { between, happens, pick } from '../chance.ts';
import { zipCrc } from '../checksums.ts';
import { forge, forgedText } from '../json.ts';

interface Content {
  readonly magic: string;
  readonly json: { header: unknown; lengths: number[] };
  readonly floats: Uint8Array;
}

/** A forged file, and what is known of it. */
export interface Forged {
  readonly bytes: Uint8Array;
  /** It is as it was written. */
  readonly right: boolean;
  /** Its checksum does not match: it has to be refused. */
  readonly damaged: boolean;
}

/** Takes a packed file apart once; @returns makes forged ones of it. */
export function forger(original: Uint8Array): (random: RandomStream) => Forged {
  const content = takeApart(original);
  return (random) => {
    if (happens(random, 0.05)) return { bytes: original, right: true, damaged: false };
    if (happens(random, 0.1)) {
      const bytes = damage(random, original);
      return { bytes, right: equal(bytes, original), damaged: !equal(bytes, original) };
    }
    const bytes = pick(random, FORGERIES)(random, content);
    return { bytes, right: equal(bytes, original), damaged: false };
  };
}

function takeApart(bytes: Uint8Array): Content {
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, true);
  const json = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + headerLength)));
  return { magic: String.fromCharCode(...bytes.subarray(0, 8)), json, floats: bytes.slice(16 + headerLength) };
}

/** Puts a file together, with the checksum that its bytes have. */
function putTogether(magic: string, json: string, floats: Uint8Array, claimed?: number): Uint8Array {
  const text = new TextEncoder().encode(json);
  const header = join(text, new Uint8Array((4 - (text.length % 4)) % 4).fill(0x20));
  const rest = join(little(claimed ?? header.length, 4), header, floats);
  return join(latin1(magic), little(zipCrc(rest), 4), rest);
}

const ODD_FLOATS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e38, -1e38, 0, 1e-45];

const FORGERIES: readonly ((random: RandomStream, content: Content) => Uint8Array)[] = [
  // The header's content, most of all: what the library's code has to look through.
  ...Array(6).fill((random: RandomStream, { magic, json, floats }: Content) => {
    const header = forge(random, json.header);
    return putTogether(magic, forgedText(random, { ...json, header }), floats);
  }),
  (random, { magic, json, floats }) => putTogether(magic, forgedText(random, forge(random, json)), floats),
  // Numbers.
  (random, { magic, json, floats }) => {
    const values = new Float32Array(floats.slice().buffer);
    for (let times = between(random, 1, 3); times > 0; times--) {
      if (values.length > 0) values[random.integer(values.length)] = pick(random, ODD_FLOATS);
    }
    return putTogether(magic, JSON.stringify(json), new Uint8Array(values.buffer));
  },
  // Borders between arrays, their sum kept.
  (random, { magic, json, floats }) => {
    const lengths = [...json.lengths];
    const [a, b] = [random.integer(lengths.length || 1), random.integer(lengths.length || 1)];
    const moved = pick(random, [1, 8, lengths[a] ?? 0, 0.5]);
    if (lengths.length > 0) {
      lengths[a]! -= moved;
      lengths[b]! += moved;
    }
    return putTogether(magic, JSON.stringify({ ...json, lengths }), floats);
  },
  // Arrays more, fewer or longer, with the numbers that belong to them.
  (random, { magic, json, floats }) => {
    const lengths = happens(random, 0.5) ? json.lengths.slice(0, -1) : [...json.lengths, between(random, 0, 20)];
    const bytes = 4 * lengths.reduce((sum, length) => sum + length, 0);
    const fitting = join(floats, new Uint8Array(80)).slice(0, bytes);
    return putTogether(magic, JSON.stringify({ ...json, lengths }), fitting);
  },
  // The file's own shape.
  (random, { magic, json, floats }) =>
    putTogether(magic, JSON.stringify(json), floats, pick(random, [0, 1, 4, 2 ** 31, 2 ** 32 - 1, 100_000])),
  (random, { magic, json, floats }) => putTogether(magic, JSON.stringify(json), damage(random, floats)),
  (random, { magic, json, floats }) =>
    putTogether(
      pick(random, ['SEMOEXS1', 'SEMOCKP1', 'SEMOENS1', `${magic.slice(0, 7)}9`]),
      JSON.stringify(json),
      floats,
    ),
  (random, { magic, json, floats }) => {
    const text = new TextDecoder('latin1').decode(damage(random, new TextEncoder().encode(JSON.stringify(json))));
    return putTogether(magic, text, floats);
  },
];

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
