// bytes of a WAV file → pieces of sound
//
// An own reader and not mediabunny's (1.61), which reads what is in order just as well but takes sizes at their word: a recorder that
// was cut off, or that wrote to a pipe, leaves 0 in the RIFF header or the data chunk, and mediabunny then finds no chunks or no
// samples, where every player finds the recording.

import type { ByteReader } from '../../core/byteReader.ts';
import { AudioFormatError } from '../../core/errors.ts';
import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { type Chunks, type NeededChunks, readChunks } from './chunks.ts';
import { SampleBytes } from './sampleBytes.ts';
import { startsWith } from './startsWith.ts';
import { readFormat } from './waveFormat.ts';
import { loadCodecs, wavePieces } from './wavePieces.ts';

/**
 * WAV: RIFF, RF64 or BW64 of what `wavePieces` knows, any rate and number of channels, chunks in any order. Sizes in headers are
 * believed as far as the file goes: a data chunk of size 0 or 0xFFFFFFFF, as streaming recorders leave it, reaches to the chunks
 * behind it or the end, and an incomplete last frame is left out.
 */
export const wav: AudioFormat = {
  name: 'WAV',
  sniff: (bytes) => (isWave(bytes) ? 'a WAV file' : undefined),
  decode: decodeWav,
};

const NEEDED: NeededChunks = { format: 'fmt ', samples: 'data', order: 'little' };
/** Bytes in which MP3 is looked for in a file that is none of WAV, and its end. */
const MOST_JUNK = 2 ** 20;

function isWave(bytes: Uint8Array): boolean {
  return ['RIFF', 'RF64', 'BW64'].some((id) => startsWith(bytes, id)) && startsWith(bytes, 'WAVE', 8);
}

async function* decodeWav(reader: ByteReader): AsyncGenerator<AudioPiece, void> {
  const start = reader.position;
  const riff = numberAt(await reader.take(12), 4);
  const chunks = await readChunks(reader, NEEDED);
  const format = chunks.before.get('fmt ');
  if (!format || chunks.claimed === undefined) {
    const rest = await reader.ahead(MOST_JUNK);
    const codecs = await loadCodecs('no samples').catch(() => undefined); // what is missing is the better reason
    if (codecs?.holdsMp3(rest)) return yield* codecs.mp3Pieces(reader); // behind a beginning of another file
    const isShort = rest.length < MOST_JUNK && riff + 8 > reader.position - start + rest.length;
    const why = isShort ? ', the file is cut short' : '';
    if (!format) throw new AudioFormatError(`Cannot decode WAV: found no format chunk${why}`);
    checkFormat(format);
    throw new AudioFormatError(`Cannot decode WAV: found no data chunk${why}`);
  }
  checkFormat(format);
  const counted = chunks.before.get('fact')?.content;
  const samples = new SampleBytes(reader, samplesClaimed(chunks), 'little');
  yield* wavePieces('WAV', format.content, samples, counted && counted.length >= 4 ? numberAt(counted, 0) : undefined);
}

/** @throws {AudioFormatError} when it is not all there, or says nothing */
function checkFormat({ size, content }: { readonly size: number; readonly content: Uint8Array }): void {
  if (content.length < size) {
    throw new AudioFormatError(`Cannot decode WAV: found a damaged format chunk, which claims ${size} bytes`);
  }
  readFormat('WAV', content);
}

/** How many bytes of samples the file says that there are; undefined where it does not know. */
function samplesClaimed({ before, claimed }: Chunks): number | undefined {
  const sizes = before.get('ds64')?.content; // of a file beyond 4 GiB
  const isLong = claimed === 0xffffffff && sizes && sizes.length >= 16;
  return (
    (isLong ? numberAt(sizes, 8) + 2 ** 32 * numberAt(sizes, 12) : claimed === 0xffffffff ? 0 : claimed) || undefined
  );
}

/** A whole number of 32 bits. */
function numberAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}
