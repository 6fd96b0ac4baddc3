// bytes of a WAV file → pieces of sound
//
// An own reader and not mediabunny's (1.61), which reads what is in order just as well but takes sizes at their word:
// a recorder that was cut off, or that wrote to a pipe, leaves 0 in the RIFF header or the data chunk, and mediabunny
// then finds no chunks or no samples, where every player finds the recording.

import { AudioFormatError } from '../../core/errors.ts';
import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { type Chunk, chunks, endOfSamples, fillTheRest, findChunk } from './chunks.ts';
import { decodeMp3, findFrames } from './mp3.ts';
import { startsWith } from './startsWith.ts';
import { readFormat, wavePieces } from './waveFormat.ts';
import { wholly } from './wholly.ts';

/**
 * WAV: RIFF, RF64 or BW64 of what `wavePieces` knows, any rate and number of channels, chunks in any order. Sizes in headers are
 * believed as far as the file goes: a data chunk of size 0 or 0xFFFFFFFF, as streaming recorders leave it, reaches to the chunks
 * behind it or the end, and an incomplete last frame is left out.
 */
export const wav: AudioFormat = {
  name: 'WAV',
  sniff: (bytes) => (isWave(bytes, 0) ? 'a WAV file' : undefined),
  decode: wholly(decodeWav),
};

function isWave(bytes: Uint8Array, at: number): boolean {
  return ['RIFF', 'RF64', 'BW64'].some((id) => startsWith(bytes, id, at)) && startsWith(bytes, 'WAVE', at + 8);
}

function decodeWav(bytes: Uint8Array): Iterable<AudioPiece> | AsyncIterable<AudioPiece> {
  const { format, data, longSize, counted } = findChunks(bytes, 12);
  if (!(format && data) && findFrames(bytes) >= 0) return decodeMp3(bytes); // behind a beginning of another file
  if (!format) throw new AudioFormatError(`Cannot decode WAV: found no format chunk${cutShort(bytes)}`);
  if (format.start + format.size > bytes.length) {
    throw new AudioFormatError(`Cannot decode WAV: found a damaged format chunk, which claims ${format.size} bytes`);
  }
  const header = bytes.subarray(format.start, format.start + format.size);
  readFormat('WAV', header); // a damaged one is the better reason
  if (!data) throw new AudioFormatError(`Cannot decode WAV: found no data chunk${cutShort(bytes)}`);
  return wavePieces('WAV', header, bytes.subarray(data.start, dataEnd(bytes, data, longSize)), counted);
}

/** What a reader needs of a file. */
interface Found {
  format?: Chunk;
  data?: Chunk;
  /** Bytes of samples, of a file beyond 4 GiB. */
  longSize?: number;
  /** Samples a channel, of a codec that pads. */
  counted?: number;
}

function findChunks(bytes: Uint8Array, from: number): Found {
  const found: Found = {};
  walk(bytes, from, found);
  // Where a size led astray, the letters lead back.
  for (const [part, id] of [
    ['format', 'fmt '],
    ['data', 'data'],
  ] as const) {
    const at = found[part] ? -1 : findChunk(bytes, id, from);
    if (at >= 0) walk(bytes, at, found);
  }
  return found;
}

/** Notes the first chunk of each kind, until format and samples are found. */
function walk(bytes: Uint8Array, from: number, found: Found): void {
  const view = viewOf(bytes);
  for (const chunk of chunks(view, from, true)) {
    const { id, start, size } = chunk;
    if (id === 'ds64' && size >= 16 && start + 16 <= view.byteLength) {
      found.longSize ??= Number(view.getBigUint64(start + 8, true));
    } else if (id === 'fact' && size >= 4 && start + 4 <= view.byteLength) {
      found.counted ??= view.getUint32(start, true);
    } else if (id === 'fmt ') found.format ??= chunk;
    else if (id === 'data') found.data ??= chunk;
    if (found.format && found.data) return;
  }
}

function dataEnd(bytes: Uint8Array, { start, size }: Chunk, longSize: number | undefined): number {
  const rest = bytes.length - start;
  if (size === 0xffffffff && longSize) return start + Math.min(rest, longSize);
  if (size > 0 && size <= rest) return start + size;
  const view = viewOf(bytes);
  // Size 0: samples of unknown number follow, or really none and then perhaps other chunks, which fit the file.
  if (size === 0 && fillTheRest(view, start, true)) return start;
  return endOfSamples(view, start, true);
}

/** The end of a sentence on what is missing, where it is missing because the file is. */
function cutShort(bytes: Uint8Array): string {
  const at = 0;
  const isShort = bytes.length < at + 12 || viewOf(bytes).getUint32(at + 4, true) > bytes.length - at - 8;
  return isShort ? ', the file is cut short' : '';
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
