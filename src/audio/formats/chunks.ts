// bytes of a RIFF or IFF file → its chunks
//
// Chunks have four letters, a size and, where that is odd, a byte more. Writers forget the byte, or write another size than the
// chunk has: readers go on where the next chunk's letters are.

/** A part of a file. */
export interface Chunk {
  readonly id: string;
  /** Where what it holds begins. */
  readonly start: number;
  /** Bytes that it claims to hold. */
  readonly size: number;
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

/** Bytes at the end of a file in which chunks behind samples of unknown number are looked for. */
const MOST_BEHIND = 2 ** 24;

/** The chunks from an offset on. @param little whether the lowest byte of a size comes first */
export function* chunks(view: DataView, from: number, little: boolean): Generator<Chunk, void> {
  for (let at = from; at + 8 <= view.byteLength; ) {
    const size = view.getUint32(at + 4, little);
    yield { id: letters(view, at), start: at + 8, size };
    at = next(view, at + 8 + size, size);
  }
}

/** Where the chunk that has these letters begins, wherever that is; -1 where it is not. */
export function findChunk(bytes: Uint8Array, id: string, from: number): number {
  const [a, b, c, d] = Array.from(id, (letter) => letter.charCodeAt(0));
  let at = bytes.indexOf(a!, from);
  while (at >= 0 && !(bytes[at + 1] === b && bytes[at + 2] === c && bytes[at + 3] === d))
    at = bytes.indexOf(a!, at + 1);
  return at + 8 <= bytes.length ? at : -1;
}

/** Where samples of unknown number end: at the chunks that reach from there to the end of the file, or there. */
export function endOfSamples(view: DataView, from: number, little: boolean): number {
  for (let at = Math.max(from, view.byteLength - MOST_BEHIND); at + 8 <= view.byteLength; at++) {
    if (BEGIN[view.getUint16(at)] && KNOWN.has(letters(view, at)) && fillTheRest(view, at, little)) return at;
  }
  return view.byteLength;
}

/** Whether all is chunks from here to the end. */
export function fillTheRest(view: DataView, from: number, little: boolean): boolean {
  let [at, size] = [from, 0];
  while (at + 8 <= view.byteLength && isId(view, at)) {
    size = view.getUint32(at + 4, little);
    at = next(view, at + 8 + size, size);
  }
  return at === view.byteLength || (size % 2 === 1 && at === view.byteLength + 1);
}

/** Where the chunk begins that follows one of this end and size: behind the padding, unless only before it are a chunk's letters. */
function next(view: DataView, end: number, size: number): number {
  if (size % 2 === 0) return end;
  if (KNOWN.has(letters(view, end + 1))) return end + 1;
  return KNOWN.has(letters(view, end)) || (isId(view, end) && !isId(view, end + 1)) ? end : end + 1;
}

function isId(view: DataView, at: number): boolean {
  return /^[\x20-\x7e]{4}$/.test(letters(view, at));
}

function letters(view: DataView, at: number): string {
  if (at + 4 > view.byteLength) return '';
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}
