// bytes of a Sony Wave64 file → pieces of sound

import { ByteReader } from '../../core/byteReader.ts';
import { AudioFormatError } from '../../core/errors.ts';
import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { SampleBytes } from './sampleBytes.ts';
import { startsWith } from './startsWith.ts';
import { wavePieces } from './wavePieces.ts';

/** Wave64: what WAV holds, in chunks with sizes of 64 bits. */
export const w64: AudioFormat = {
  name: 'Wave64',
  sniff: (bytes) => (startsWith(bytes, RIFF) ? 'a Sony Wave64 file' : undefined),
  decode: decodeW64,
};

// Chunks are named by GUIDs, whose first four letters are RIFF's.
const RIFF = 'riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00';
const REST_OF_GUID = '\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a';
/** Bytes of a chunk's GUID and size, which the size counts. */
const HEADER = 24;

/** Chunks before the samples, and bytes of each that are kept: a forged file has any number. */
const MOST_CHUNKS = 4096;
const MOST_KEPT = 2 ** 16;
/** Bytes of samples that are held where what says how they are written comes behind them. */
const MOST_SAMPLES = 2 ** 28;

async function* decodeW64(reader: ByteReader): AsyncGenerator<AudioPiece, void> {
  await reader.skip(40);
  let [before, claimed] = await readChunks(reader);
  if (claimed !== undefined && !before.has('fmt ')) {
    const behind = new ByteReader(await reader.ahead(MOST_SAMPLES));
    await behind.skip(padded(claimed));
    [before] = await readChunks(behind);
  }
  const format = before.get('fmt ');
  const fact = before.get('fact');
  if (!format) throw new AudioFormatError('Cannot decode Wave64: found no format chunk');
  if (claimed === undefined) throw new AudioFormatError('Cannot decode Wave64: found no data chunk');
  await reader.skip(HEADER);
  const samples = new SampleBytes(reader, claimed < HEADER ? undefined : claimed - HEADER);
  yield* wavePieces('Wave64', format, samples, fact && fact.length >= 4 ? viewOf(fact).getUint32(0, true) : undefined);
}

/** The first chunk of each kind before the samples, at which it stops, and the size that their chunk claims. */
async function readChunks(reader: ByteReader): Promise<[Map<string, Uint8Array>, number | undefined]> {
  const before = new Map<string, Uint8Array>();
  for (let count = 0; count < MOST_CHUNKS; count++) {
    const head = await reader.ahead(HEADER);
    if (head.length < HEADER) break;
    const id = startsWith(head, REST_OF_GUID, 4) ? String.fromCharCode(...head.subarray(0, 4)) : '';
    const size = Number(viewOf(head).getBigUint64(16, true));
    if (id === 'data') return [before, size];
    if (size < HEADER) break;
    if ((id === 'fmt ' || id === 'fact') && !before.has(id)) {
      before.set(id, (await reader.ahead(Math.min(size, HEADER + MOST_KEPT))).slice(HEADER));
    }
    await reader.skip(padded(size));
  }
  return [before, undefined];
}

/** Chunks begin at multiples of eight bytes. */
function padded(size: number): number {
  return 8 * Math.ceil(size / 8);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
