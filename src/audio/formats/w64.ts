// bytes of a Sony Wave64 file → pieces of sound

import { AudioFormatError } from '../../core/errors.ts';
import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { startsWith } from './startsWith.ts';
import { wavePieces } from './waveFormat.ts';
import { wholly } from './wholly.ts';

/** Wave64: what WAV holds, in chunks with sizes of 64 bits. */
export const w64: AudioFormat = {
  name: 'Wave64',
  sniff: (bytes) => (startsWith(bytes, RIFF) ? 'a Sony Wave64 file' : undefined),
  decode: wholly(decodeW64),
};

// Chunks are named by GUIDs, whose first four letters are RIFF's.
const RIFF = 'riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00';
const REST_OF_GUID = '\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a';
/** Bytes of a chunk's GUID and size, which the size counts. */
const HEADER = 24;

function decodeW64(bytes: Uint8Array): Iterable<AudioPiece> | AsyncIterable<AudioPiece> {
  let format: Uint8Array | undefined;
  let samples: Uint8Array | undefined;
  let counted: number | undefined;
  for (const { id, body } of chunks(bytes, 40)) {
    if (id === 'fmt ') format ??= body;
    else if (id === 'data') samples ??= body;
    else if (id === 'fact' && body.length >= 4) counted ??= viewOf(body).getUint32(0, true);
    if (format && samples) break;
  }
  if (!format) throw new AudioFormatError('Cannot decode Wave64: found no format chunk');
  if (!samples) throw new AudioFormatError('Cannot decode Wave64: found no data chunk');
  return wavePieces('Wave64', format, samples, counted);
}

/** The chunks, which begin at multiples of eight bytes. One of size 0, or that claims more than there is, reaches to the end. */
function* chunks(bytes: Uint8Array, from: number): Generator<{ id: string; body: Uint8Array }, void> {
  const view = viewOf(bytes);
  for (let at = from; at + HEADER <= bytes.length; ) {
    const claimed = Number(view.getBigUint64(at + 16, true));
    const size = claimed >= HEADER && claimed <= bytes.length - at ? claimed : bytes.length - at;
    if (startsWith(bytes, REST_OF_GUID, at + 4)) {
      const id = String.fromCharCode(...bytes.subarray(at, at + 4));
      yield { id, body: bytes.subarray(at + HEADER, at + (claimed === HEADER ? HEADER : size)) };
    }
    at += 8 * Math.ceil(size / 8);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
