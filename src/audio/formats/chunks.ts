// a RIFF or IFF file → its chunks
//
// Chunks have four letters, a size and, where that is odd, a byte more. Writers forget the byte, or write another size than the
// chunk has: readers go on where the next chunk's letters are.

import type { ByteReader } from '../../core/byteReader.ts';

/** Which byte of a number comes first: the lowest in RIFF, the highest in IFF. */
export type ByteOrder = 'little' | 'big';

/** A chunk that was read. */
interface Chunk {
  /** Bytes that it claims to hold. */
  readonly size: number;
  /** What it holds; less than its size where the file ends before. */
  readonly content: Uint8Array;
}

/** The chunks of a file up to its samples. */
export interface Chunks {
  /** The first of each kind that is known, by its letters. */
  readonly before: ReadonlyMap<string, Chunk>;
  /** Bytes of samples, as their chunk claims; undefined where there is no such chunk. */
  readonly claimed: number | undefined;
}

/** Which chunks a reader needs. */
export interface NeededChunks {
  /** The letters of the one that says how samples are written. */
  readonly format: string;
  /** The letters of the one that holds the samples. */
  readonly samples: string;
  readonly order: ByteOrder;
}

/** Chunks of sound files, by which a reader finds its way again. */
const KNOWN = new Set(
  ['fmt ', 'data', 'fact', 'LIST', 'bext', 'iXML', 'id3 ', 'ID3 ', 'cue ', 'smpl', 'inst', 'plst', 'adtl', 'JUNK']
    .concat(['junk', 'PAD ', 'FLLR', 'PEAK', 'axml', 'chna', '_PMX', 'cart', 'DISP', 'slnt', 'wavl', 'INFO', 'umid'])
    .concat(['ds64', 'RIFF', 'RF64', 'aXML', 'afsp', 'minf', 'elm1', 'regn', 'strc', 'acid', 'r64m', 'levl'])
    .concat(['COMM', 'SSND', 'FVER', 'MARK', 'INST', 'MIDI', 'AESD', 'APPL', 'COMT', 'NAME', 'AUTH', '(c) ', 'ANNO']),
);

/** Whether two letters are those that one of them begins with: to look quickly. */
const BEGIN = new Uint8Array(2 ** 16);
for (const id of KNOWN) BEGIN[(id.charCodeAt(0) << 8) | id.charCodeAt(1)] = 1;

/** Chunks before the samples: a forged file has any number. */
const MOST_BEFORE = 4096;
/** Bytes of a chunk's content that are kept, and of a chunk that is held until what follows shows that its size is right. */
const MOST_KEPT = 2 ** 16;
const MOST_HELD = 2 ** 24;
/** Bytes in which letters are looked for where a size was wrong. */
const MOST_ASTRAY = 2 ** 20;
/** Bytes of samples that are held where what says how they are written comes behind them. */
const MOST_SAMPLES = 2 ** 28;
/** Chunks behind samples of unknown number, and their bytes: more is no chunks. */
const MOST_BEHIND = 64;
const MOST_BYTES_BEHIND = 2 ** 22;
/** Bytes by which it is clear which chunk begins and whether it does so a byte later: letters and size, and a byte. */
const ENOUGH = 9;

/** Reads the chunks up to the samples, to the first byte of which it reads; or as far as there are chunks. */
export async function readChunks(reader: ByteReader, needed: NeededChunks): Promise<Chunks> {
  const { format, samples, order } = needed;
  const before = new Map<string, Chunk>();
  for (let count = 0; count < MOST_BEFORE; count++) {
    const head = await reader.ahead(8);
    if (head.length < 8) break;
    const { id, size } = header(viewOf(head), 0, order);
    if (id === samples) {
      if (!before.has(format)) await addFormatBehind(reader, size, needed, before);
      await reader.skip(8);
      return { before, claimed: size };
    }
    const held = await reader.ahead(size > MOST_HELD ? 8 : 8 + size + ENOUGH);
    const end = next(viewOf(held), 8 + size, size);
    const isFollowed = isId(viewOf(held), end);
    if (KNOWN.has(id) && !before.has(id) && (isFollowed || id === format)) before.set(id, chunkAt(held, 0, size));
    const at = isFollowed ? end : await findAstray(reader, before.has(format) ? [samples] : [format, samples]);
    if (at < 0 && size <= MOST_HELD) break;
    await reader.skip(at < 0 ? 8 + size + (size % 2) : at);
  }
  return { before, claimed: undefined };
}

/** Whether the letters of a known chunk are here, or any letters that may be a chunk's. */
export function mayBeginChunk(view: DataView, at: number, any: boolean): boolean {
  if (at + 8 > view.byteLength) return false;
  return any ? isId(view, at) : BEGIN[view.getUint16(at)] === 1 && KNOWN.has(letters(view, at));
}

/** Where the file ends, in bytes from where the reader is, if from an offset to there is nothing but chunks; else undefined. */
export async function chunksFillTheRest(
  reader: ByteReader,
  from: number,
  order: ByteOrder,
): Promise<number | undefined> {
  let [at, size] = [from, 0];
  for (let count = 0; count <= MOST_BEHIND && at - from <= MOST_BYTES_BEHIND; count++) {
    const bytes = await reader.ahead(at + ENOUGH);
    const view = viewOf(bytes);
    at = next(view, at, size);
    if (at === bytes.length || (size % 2 === 1 && at === bytes.length + 1)) return bytes.length;
    if (at + 8 > bytes.length || !isId(view, at)) return undefined;
    size = header(view, at, order).size;
    at += 8 + size;
  }
  return undefined;
}

/** Notes what says how samples are written, where it comes behind them. */
async function addFormatBehind(
  reader: ByteReader,
  size: number,
  { format, order }: NeededChunks,
  before: Map<string, Chunk>,
): Promise<void> {
  const bytes = await reader.ahead(MOST_SAMPLES);
  const behind = findLetters(bytes, format, 8 + size);
  const at = behind < 0 ? findLetters(bytes, format, 8) : behind;
  if (at >= 0) before.set(format, chunkAt(bytes, at, header(viewOf(bytes), at, order).size));
}

/** Where, behind the letters that come next, others are. */
async function findAstray(reader: ByteReader, ids: readonly string[]): Promise<number> {
  const bytes = await reader.ahead(MOST_ASTRAY);
  const found = ids.map((id) => findLetters(bytes, id, 4)).filter((at) => at >= 0);
  return found.length > 0 ? Math.min(...found) : -1;
}

/** Where the chunk that has these letters begins, wherever that is; −1 where it is not. */
function findLetters(bytes: Uint8Array, id: string, from: number): number {
  const [a, b, c, d] = Array.from(id, (letter) => letter.charCodeAt(0));
  let at = bytes.indexOf(a!, from);
  while (at >= 0 && !(bytes[at + 1] === b && bytes[at + 2] === c && bytes[at + 3] === d))
    at = bytes.indexOf(a!, at + 1);
  return at + 8 <= bytes.length ? at : -1;
}

function chunkAt(bytes: Uint8Array, at: number, size: number): Chunk {
  return { size, content: bytes.slice(at + 8, at + 8 + Math.min(size, MOST_KEPT)) };
}

function header(view: DataView, at: number, order: ByteOrder): { id: string; size: number } {
  return { id: letters(view, at), size: view.getUint32(at + 4, order === 'little') };
}

/** Where the chunk begins that follows one of this end and size: behind the padding, unless only before it are a chunk's letters. */
function next(view: DataView, end: number, size: number): number {
  if (size % 2 === 0) return end;
  if (KNOWN.has(letters(view, end + 1))) return end + 1;
  return KNOWN.has(letters(view, end)) || (isId(view, end) && !isId(view, end + 1)) ? end : end + 1;
}

/** Whether four letters are here, as of a chunk that has any name. */
function isId(view: DataView, at: number): boolean {
  return /^[\x20-\x7e]{4}$/.test(letters(view, at));
}

function letters(view: DataView, at: number): string {
  if (at + 4 > view.byteLength) return '';
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
