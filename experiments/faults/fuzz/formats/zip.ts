// seed → zip archives: right ones, and such with forged directories, sizes, names, methods and checksums
//
// Written out after PKWARE's APPNOTE 6.3.10, sections 4.3 to 4.5.

import { deflateRawSync } from 'node:zlib';
import { type ByteSource, toSources } from 'speech-emotion/corpora';
import type { RandomStream } from 'speech-emotion/layers';
import { damage, join, little } from '../bytes.ts';
import { between, happens, ODD_NUMBERS, pick, randomBytes } from '../chance.ts';
import { zipCrc } from '../checksums.ts';
import type { Format } from '../format.ts';

/** What is unpacked of an archive at most: a crafted kilobyte must not fill the memory. */
const UNPACKED = 2 ** 26;

export const zip: Format = {
  errors: ['DatasetError'],
  async open() {
    return (random) => {
      const right = happens(random, 0.2);
      const { bytes, files } = archive(random, right);
      const input = right || happens(random, 0.5) ? bytes : damage(random, bytes);
      return {
        input,
        unrefusable: right,
        async answer() {
          const sources = await toSources(new Blob([input as Uint8Array<ArrayBuffer>]));
          return Promise.all(
            sources.slice(0, 10).map(async (source) => ({ source, bytes: await read(source, right) })),
          );
        },
        fault(answer) {
          const read = answer as readonly { source: ByteSource; bytes: Uint8Array | undefined }[];
          if (read.some(({ source }) => typeof source.name !== 'string' || source.name === ''))
            return 'a file without a name';
          const sum = read.reduce((total, { bytes }) => total + (bytes?.length ?? 0), 0);
          if (sum > UNPACKED) return 'more unpacked than an archive of this size may hold';
          if (right && read.length !== files.length) return 'other files than were packed';
          if (right && read.some(({ bytes }, i) => zipCrc(bytes!) !== zipCrc(files[i]!.content)))
            return 'other content than was packed';
          return undefined;
        },
      };
    };
  },
};

/** Of one file that cannot be read, the error must be clear; the others are to be read. */
async function read(source: ByteSource, right: boolean): Promise<Uint8Array | undefined> {
  try {
    return await source.bytes();
  } catch (error) {
    if (right || (error as Error).name !== 'DatasetError') throw error;
    return undefined;
  }
}

interface Packed {
  readonly name: Uint8Array;
  readonly content: Uint8Array;
}

const NAMES = ['a.wav', 'Actor_01/03-01-01-01-01-01-01.wav', 'été/ä.wav', 'e\u0301.wav', '名前.wav', 'a b/c d.wav'];
const ODD_NAMES = ['..\\..\\x.wav', '/etc/x', '../x', 'a/./b', ' ', '', 'x/', '\0', 'CON', 'x'.repeat(3000)];

function archive(random: RandomStream, right: boolean) {
  const odd = (probability = 0.06) => !right && happens(random, probability);
  const number = (value: number, bytes: number) =>
    little(odd() ? Math.abs(Math.floor(pick(random, [...ODD_NUMBERS, value + 1, value - 1]))) % 2 ** 48 : value, bytes);
  const names = new Set<string>();
  while (names.size < between(random, 1, 3)) names.add(pick(random, odd(0.1) ? ODD_NAMES : NAMES));
  const files: Packed[] = [...names].map((name) => ({
    name: odd() ? randomBytes(random, random.integer(12)) : new TextEncoder().encode(name),
    content: happens(random, 0.5) ? randomBytes(random, random.integer(60)) : new Uint8Array(random.integer(400)),
  }));
  const bodies: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { name, content } of files) {
    const method = happens(random, 0.5) ? 8 : 0;
    const data = method === 8 ? new Uint8Array(deflateRawSync(content)) : content;
    const fields = join(
      number(20, 2), // version needed
      number(0x800, 2), // flags: names are UTF-8
      odd(0.1) ? little(pick(random, [1, 9, 12, 14, 93, 99]), 2) : little(method, 2),
      number(0, 4), // time and date
      number(zipCrc(content), 4),
      number(data.length, 4),
      number(content.length, 4),
      number(name.length, 2),
    );
    const extra = odd(0.15)
      ? join(little(pick(random, [1, 0x7075, 0x5455, 0x9901]), 2), number(8, 2), randomBytes(random, 8))
      : new Uint8Array(0);
    const body = join(Uint8Array.of(0x50, 0x4b, 3, 4), fields, number(0, 2), name, data);
    bodies.push(body);
    directory.push(
      join(
        Uint8Array.of(0x50, 0x4b, 1, 2),
        number(20, 2), // version made by
        fields,
        number(extra.length, 2),
        number(0, 2), // comment
        number(0, 2), // disk
        number(0, 2), // internal attributes
        number(0, 4), // external attributes
        number(odd(0.05) ? 0 : at, 4), // the same bytes for two files: overlapping
        name,
        extra,
      ),
    );
    at += body.length;
  }
  const listed = join(...(odd(0.05) ? [...directory, ...directory] : directory));
  const end = join(
    Uint8Array.of(0x50, 0x4b, 5, 6),
    ...[number(0, 2), number(0, 2), number(directory.length, 2), number(directory.length, 2)],
    ...[number(listed.length, 4), number(at, 4), number(0, 2)],
  );
  return { bytes: join(...bodies, listed, end), files };
}
