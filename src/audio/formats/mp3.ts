// bytes of an MP3 file → pieces of sound

import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { firstFrame, frameRuns, isMostlyFrames } from './mp3Frames.ts';
import { knownAs } from './unsupported.ts';
import { openWasmDecoder } from './wasmDecoder.ts';
import { wholly } from './wholly.ts';

/** Files joined in one that are given a decoder each, of some 10 ms: a forged file claims any number. */
const MOST_FILES = 256;

/** MP3: MPEG 1, 2 and 2.5, layer III, decoded by mpg123. It is found by its frames, whatever is in front of them. */
export const mp3: AudioFormat = {
  name: 'MP3',
  sniff: (bytes) => (findFrames(bytes) < 0 ? undefined : 'an MP3 file'),
  decode: wholly(decodeMp3),
};

/** Where the first frame is; −1 where there is none, or what there is belongs to another format. */
export function findFrames(bytes: Uint8Array): number {
  const at = firstFrame(bytes, 0);
  if (at <= 0 || knownAs(bytes) === undefined) return at;
  return isMostlyFrames(bytes, at) ? at : -1;
}

export async function* decodeMp3(bytes: Uint8Array): AsyncGenerator<AudioPiece> {
  const open = () => openWasmDecoder(mp3.name, async () => new (await import('mpg123-decoder')).MPEGDecoder());
  let decoder = await open();
  const first = Math.max(0, findFrames(bytes));
  let files = 1;
  for (const { start, end, begins } of frameRuns(bytes, first)) {
    if (begins && start > first && files++ < MOST_FILES) {
      decoder.free(); // another file, joined to the one before
      decoder = await open();
    }
    const { channelData, sampleRate } = await decoder.decode(bytes.subarray(start, end));
    yield { channels: channelData, sampleRate };
  }
  decoder.free();
}
