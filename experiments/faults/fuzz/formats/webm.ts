// seed → WebM with Opus or Vorbis: elements forged, moved, left out, of sizes known, unknown and wrong
//
// Written out after RFC 8794 (EBML) and RFC 9559 (Matroska).

import { readFile } from 'node:fs/promises';
import type { RandomStream } from 'speech-emotion/layers';
import { damage, join } from '../bytes.ts';
import { happens, pick, randomBytes } from '../chance.ts';
import type { Format } from '../format.ts';
import { decoder, faultOfSound, samplesAtMost } from './sound.ts';

export const webm: Format = {
  errors: ['AudioFormatError'],
  async open() {
    const files = await Promise.all(
      ['speech.webm', 'vorbis.webm'].map(
        async (name) =>
          new Uint8Array(await readFile(new URL(`../../../../test/fixtures/audio/${name}`, import.meta.url))),
      ),
    );
    const trees = files.map((bytes) => elementsOf(bytes));
    return (random) => {
      const right = happens(random, 0.05);
      const which = random.integer(files.length);
      const bytes = right ? files[which]! : bytesOf(random, trees[which]!, pick(random, trees));
      const input = right || happens(random, 0.6) ? bytes : damage(random, bytes, pick(random, files));
      return {
        input,
        unrefusable: right,
        answer: decoder(random, input),
        fault: (answer) => faultOfSound(answer, { atMost: samplesAtMost(input.length) }),
      };
    };
  },
};

interface Element {
  readonly id: Uint8Array;
  readonly content: Uint8Array | readonly Element[];
}

/** Segment, Cluster, Tracks, TrackEntry, Audio, BlockGroup: what holds elements. */
const MASTERS = new Set(['18538067', '1f43b675', '1654ae6b', 'ae', 'e1', 'a0']);

function elementsOf(bytes: Uint8Array): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const idLength = Math.clz32(bytes[at]!) - 23;
    const id = bytes.slice(at, at + idLength);
    const sizeLength = Math.clz32(bytes[at + idLength]!) - 23;
    const sizeBytes = bytes.slice(at + idLength, at + idLength + sizeLength);
    sizeBytes[0]! &= 255 >> sizeLength;
    const size = sizeBytes.reduce((sum, byte) => 256 * sum + byte, 0);
    const start = at + idLength + sizeLength;
    const isUnknown = size === 2 ** (7 * sizeLength) - 1;
    const content = bytes.slice(start, isUnknown ? undefined : start + size);
    elements.push({ id, content: MASTERS.has(Buffer.from(id).toString('hex')) ? elementsOf(content) : content });
    at = start + content.length;
  }
  return elements;
}

function bytesOf(random: RandomStream, elements: readonly Element[], others: readonly Element[]): Uint8Array {
  const kept = elements.filter(() => !happens(random, 0.01));
  if (happens(random, 0.02)) random.shuffle(kept);
  if (happens(random, 0.03)) kept.push(pick(random, others));
  return join(...kept.map((element) => elementBytes(random, element, others)));
}

function elementBytes(random: RandomStream, { id, content }: Element, others: readonly Element[]): Uint8Array {
  const isMaster = !(content instanceof Uint8Array);
  const body = isMaster
    ? bytesOf(random, content, others)
    : happens(random, 0.03)
      ? forgedContent(random, content)
      : content;
  return join(id, sizeBytes(random, body.length, isMaster), body);
}

/** In eight bytes; of masters sometimes unknown, of any sometimes wrong. */
function sizeBytes(random: RandomStream, size: number, isMaster: boolean): Uint8Array {
  if (isMaster && happens(random, 0.3)) return Uint8Array.of(1, ...new Array<number>(7).fill(255));
  const told = happens(random, 0.01) ? pick(random, [0, 1, size + 1, Math.max(0, size - 1), 2 ** 31, 2 ** 50]) : size;
  return Uint8Array.of(1, ...Array.from({ length: 7 }, (_, i) => Math.floor(told / 256 ** (6 - i)) % 256));
}

/** Of a block: its track, time, flags (lacing among them) and frames; of others, a number or text. */
function forgedContent(random: RandomStream, content: Uint8Array): Uint8Array {
  const copy = content.slice();
  if (copy.length === 0) return randomBytes(random, random.integer(8));
  const at = random.integer(happens(random, 0.6) ? Math.min(8, copy.length) : copy.length);
  copy[at] = happens(random, 0.5) ? random.integer(256) : pick(random, [0, 1, 2, 4, 6, 127, 128, 255]);
  return happens(random, 0.2) ? copy.slice(0, random.integer(copy.length)) : copy;
}
