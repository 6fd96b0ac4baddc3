// bytes of an MP3 file → pieces of sound

import type { ByteReader } from '../../core/byteReader.ts';
import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { keepDecoder } from './keptDecoders.ts';
import { firstFrame, frameRuns, isMostlyFrames } from './mp3Frames.ts';
import { knownAs } from './unsupported.ts';
import { openWasmDecoder } from './wasmDecoder.ts';

/** Files joined in one that are given a decoder each: a forged file claims any number. */
const MOST_FILES = 256;
/** Bytes that suffice to tell MP3 from another format whose beginning it has. */
const ENOUGH = 2 ** 20;

/** MP3: MPEG 1, 2 and 2.5, layer III, decoded by mpg123. It is found by its frames, whatever is in front of them. */
export const mp3: AudioFormat = {
  name: 'MP3',
  sniff: (bytes, isAll) => (findFrames(bytes, isAll) < 0 ? undefined : 'an MP3 file'),
  decode: decodeMp3,
};

/**
 * Where the first frame is; −1 where there is none, or what there is belongs to another format.
 *
 * @param bytes the beginning of a file
 * @param isAll whether it is the whole file
 */
export function findFrames(bytes: Uint8Array, isAll = true): number {
  const at = firstFrame(bytes, isAll);
  if (at <= 0 || knownAs(bytes) === undefined) return at;
  return (isAll || bytes.length >= ENOUGH) && isMostlyFrames(bytes, at) ? at : -1;
}

/** Decodes what is left to read, wherever in it the frames are. */
async function* decodeMp3(reader: ByteReader): AsyncGenerator<AudioPiece> {
  const open = () => openWasmDecoder(mp3.name, async () => new (await import('mpg123-decoder')).MPEGDecoder());
  let decoder = await open();
  let files = 0;
  for await (const run of frameRuns(reader)) {
    if (run?.begins && files++ > 0 && files <= MOST_FILES) {
      keepDecoder(decoder); // another file, joined to the one before
      decoder = await open();
    }
    const { channelData, sampleRate } = run ? await decoder.decode(run.bytes) : { channelData: [], sampleRate: 0 };
    yield { channels: channelData, sampleRate };
  }
  keepDecoder(decoder);
}
