// bytes of a WebM or Matroska file → its tracks, and the frames in its blocks
//
// An own reader and not mediabunny's (1.61), which a page would load 33 kB of (compressed) for it, and which takes sizes at their
// word. RFC 9559. The elements are walked flat: segments and clusters are entered, whatever their
// size, as recorders that write as they go leave it unknown.

import { type Element, elementAt, elements, readUint, readVint } from './ebml.ts';
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

/**
 * What a file holds, in order: tracks, then blocks; tracks again where files are joined. What is damaged is skipped, up to the next
 * cluster. Undefined now and then, that the host may have its turn.
 */
export function* readMatroska(bytes: Uint8Array): Generator<Track[] | Block | undefined, void, undefined> {
  let clusterEnd = Number.POSITIVE_INFINITY;
  let count = 0;
  for (let at = 0; at < bytes.length; ) {
    if (++count % MOST_ELEMENTS === 0) yield undefined;
    const element = elementAt(bytes, at);
    if (at >= clusterEnd) clusterEnd = Number.POSITIVE_INFINITY;
    if (element?.id === SEGMENT || element?.id === CLUSTER) {
      if (element.id === CLUSTER) clusterEnd = element.end;
      at = element.start;
    } else if (!element || element.end > Math.min(bytes.length, clusterEnd) || !isKnown(bytes, element)) {
      at = nextStart(bytes, at + 1);
      clusterEnd = Number.POSITIVE_INFINITY;
      yield undefined;
    } else {
      const { id, start, end } = element;
      const inside = bytes.subarray(start, end);
      if (id === TRACKS) yield readTracks(inside);
      const block = id === SIMPLE_BLOCK ? readBlock(inside, 0) : id === BLOCK_GROUP ? readGroup(inside) : undefined;
      if (block) yield block;
      at = end;
    }
  }
}

/** Whether an element is of Matroska, or at least followed by one that is. */
function isKnown(bytes: Uint8Array, { id, end }: Element): boolean {
  return KNOWN.has(id) || end === bytes.length || KNOWN.has(elementAt(bytes, end)?.id ?? 0);
}

/** Where the next cluster or file begins; where none does, how far was looked. */
function nextStart(bytes: Uint8Array, from: number): number {
  const end = Math.min(bytes.length, from + MOST_BYTES);
  for (let at = from; at < end; at++) {
    if (bytes[at] !== 0x1f && bytes[at] !== 0x1a) continue;
    const id = readUint(bytes.subarray(at, at + 4));
    if (id === CLUSTER || id === EBML) return at;
  }
  return end;
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
