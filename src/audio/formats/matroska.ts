// bytes of a WebM or Matroska file → its tracks, and the frames in its blocks
//
// An own reader and not mediabunny's (1.61), which a page would load 33 kB of (compressed) for it, and which takes sizes at their
// word. RFC 9559. The elements are walked flat: segments and clusters are entered, whatever their
// size, as recorders that write as they go leave it unknown.

import type { ByteReader } from '../../core/byteReader.ts';
import { elementAt, elements, readUint, readVint } from './ebml.ts';
import { readTracks, type Track } from './matroskaTracks.ts';

/** Frames of a track that lie together. */
export interface Block {
  readonly track: number;
  readonly frames: readonly Uint8Array[];
  /** Nanoseconds at the end of the last frame that are the encoder's padding. */
  readonly discard: number;
}

const [EBML, SEGMENT, CLUSTER, TRACKS] = [0x1a45dfa3, 0x18538067, 0x1f43b675, 0x1654ae6b];
const [BLOCK_GROUP, BLOCK, SIMPLE_BLOCK, DISCARD_PADDING] = [0xa0, 0xa1, 0xa3, 0x75a2];
/** What else stands in a segment or a cluster: skipped. */
const KNOWN = new Set([
  ...[EBML, SEGMENT, CLUSTER, TRACKS, BLOCK_GROUP, SIMPLE_BLOCK, 0xec, 0xbf], // void, checksum
  ...[0x114d9b74, 0x1549a966, 0x1c53bb6b, 0x1941a469, 0x1043a770, 0x1254c367], // seek head, info, cues, attachments, chapters, tags
  ...[0xe7, 0x5854, 0xa7, 0xab, 0xaf], // timestamp, silent tracks, position, previous size, encrypted block
]);
/** Bytes, or elements, after which the host has its turn. */
const MOST_BYTES = 2 ** 20;
const MOST_ELEMENTS = 2 ** 12;
/** Bytes of an element, which is held in memory: what is longer, but for segments and clusters, is damaged. */
const LONGEST = 2 ** 24;
/** Bytes of an element's name and size at most. */
const HEADER = 12;
/** Bytes that are looked through at a time for the next cluster. */
const STEP = 2 ** 12;

/**
 * What a file holds, in order, as soon as it has come: tracks, then blocks; tracks again where files are joined. What is damaged is
 * skipped, up to the next cluster. Undefined now and then, that the host may have its turn.
 */
export async function* readMatroska(reader: ByteReader): AsyncGenerator<Track[] | Block | undefined, void, undefined> {
  let clusterEnd = Number.POSITIVE_INFINITY;
  let count = 0;
  for (;;) {
    if (++count % MOST_ELEMENTS === 0) yield undefined;
    const head = await reader.ahead(HEADER);
    if (head.length === 0) return;
    const element = elementAt(head, 0);
    if (reader.position >= clusterEnd) clusterEnd = Number.POSITIVE_INFINITY;
    if (element?.id === SEGMENT || element?.id === CLUSTER) {
      if (element.id === CLUSTER) clusterEnd = reader.position + element.end;
      await reader.skip(element.start);
    } else if (!element || reader.position + element.end > clusterEnd || !(await isWhole(reader, element))) {
      await skipToStart(reader);
      clusterEnd = Number.POSITIVE_INFINITY;
      yield undefined;
    } else {
      const { id, start, end } = element;
      const inside = (await reader.take(end)).subarray(start);
      if (id === TRACKS) yield readTracks(inside);
      const block = id === SIMPLE_BLOCK ? readBlock(inside, 0) : id === BLOCK_GROUP ? readGroup(inside) : undefined;
      if (block) yield block;
    }
  }
}

/** The tracks that sound, where they are in the beginning of a file. */
export function firstTracks(bytes: Uint8Array): Track[] {
  for (let at = 0; at < bytes.length; ) {
    const element = elementAt(bytes, at);
    if (!element || element.id === CLUSTER || (element.id !== SEGMENT && element.end > bytes.length)) break;
    if (element.id === TRACKS) return readTracks(bytes.subarray(element.start, element.end));
    at = element.id === SEGMENT ? element.start : element.end;
  }
  return [];
}

/** Whether all of the next element is there, and it is of Matroska, or at least followed by one that is. */
async function isWhole(reader: ByteReader, { id, end }: { id: number; end: number }): Promise<boolean> {
  if (end > LONGEST || (await reader.ahead(end)).length < end) return false;
  if (KNOWN.has(id)) return true;
  const behind = (await reader.ahead(end + HEADER)).subarray(end);
  return behind.length === 0 || KNOWN.has(elementAt(behind, 0)?.id ?? 0);
}

/** Reads up to where the next cluster or file begins, or much. */
async function skipToStart(reader: ByteReader): Promise<void> {
  await reader.skip(1);
  for (let skipped = 0; skipped < MOST_BYTES; skipped += STEP) {
    const bytes = await reader.ahead(STEP + 4);
    for (let at = 0; at < Math.min(bytes.length, STEP); at++) {
      if (bytes[at] !== 0x1f && bytes[at] !== 0x1a) continue;
      const id = readUint(bytes.subarray(at, at + 4));
      if (id === CLUSTER || id === EBML) return reader.skip(at);
    }
    await reader.skip(Math.min(bytes.length, STEP));
    if (bytes.length < STEP + 4) return reader.skip(bytes.length);
  }
}

function readGroup(bytes: Uint8Array): Block | undefined {
  let block: Block | undefined;
  let discard = 0;
  for (const { id, start, end } of elements(bytes)) {
    if (id === BLOCK) block = readBlock(bytes.subarray(start, end), 0);
    if (id === DISCARD_PADDING && bytes[start]! < 128) discard = readUint(bytes.subarray(start, end)); // negative: no use of it
  }
  return block && { ...block, discard };
}

function readBlock(bytes: Uint8Array, discard: number): Block | undefined {
  const track = readVint(bytes, 0);
  const start = (track?.length ?? 0) + 3; // behind a time of two bytes, and flags
  if (!track || start > bytes.length) return undefined;
  const lacing = (bytes[start - 1]! >> 1) & 3;
  const frames = lacing === 0 ? [bytes.subarray(start)] : laced(bytes, start, lacing);
  return { track: track.value, frames, discard };
}

/** Frames of which a block has several, as far as their sizes are right. (RFC 9559, section 10.3) */
function laced(bytes: Uint8Array, from: number, lacing: number): Uint8Array[] {
  const count = (bytes[from] ?? 0) + 1;
  let at = from + 1;
  const sizes: number[] = [];
  for (let i = 0; i < count - 1 && lacing !== 2; i++) {
    let size = 0;
    if (lacing === 1) {
      for (; bytes[at] === 255; at++) size += 255;
      size += bytes[at++] ?? 0;
    } else {
      const vint = readVint(bytes, at);
      if (!vint) return [];
      at += vint.length;
      // All but the first are differences, halfway between the least and the most that so many bytes hold.
      size = i === 0 ? vint.value : sizes[i - 1]! + vint.value - (2 ** (7 * vint.length - 1) - 1);
    }
    if (size < 0) return [];
    sizes.push(size);
  }
  const left = bytes.length - at - sizes.reduce((sum, size) => sum + size, 0);
  if (!(left >= 0)) return [];
  if (lacing === 2) for (let i = 0; i < count; i++) sizes.push(Math.floor(left / count));
  else sizes.push(left);
  return sizes.map((size) => {
    at += size;
    return bytes.subarray(at - size, at);
  });
}
