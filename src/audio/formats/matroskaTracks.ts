// the element that lists a Matroska file's tracks → those that sound

import { elements, readUint } from './ebml.ts';

/** A track that sounds. */
export interface Track {
  readonly number: number;
  /** Matroska's name of the codec: `A_OPUS`. */
  readonly codec: string;
  /** What its decoder needs beforehand. */
  readonly codecPrivate: Uint8Array;
  /** Nanoseconds at the beginning that are not heard, if the file says. */
  readonly codecDelay: number | undefined;
  /** Whether frames are compressed once more, or encrypted. */
  readonly isEncoded: boolean;
}

const [TRACK_ENTRY, NUMBER, TYPE, CODEC, CODEC_PRIVATE, CODEC_DELAY, ENCODINGS] = [
  ...[0xae, 0xd7, 0x83, 0x86],
  ...[0x63a2, 0x56aa, 0x6d80],
] as const;
/** The type of tracks that sound. */
const AUDIO = 2;

/** The tracks that sound, in their order. */
export function readTracks(bytes: Uint8Array): Track[] {
  const tracks: Track[] = [];
  for (const { id, start, end } of elements(bytes)) {
    if (id !== TRACK_ENTRY) continue;
    const entry = bytes.subarray(start, end);
    const parts = new Map<number, Uint8Array>();
    for (const part of elements(entry)) parts.set(part.id, entry.subarray(part.start, part.end));
    const none = new Uint8Array(0);
    if (readUint(parts.get(TYPE) ?? none) !== AUDIO) continue;
    const delay = parts.get(CODEC_DELAY);
    tracks.push({
      number: readUint(parts.get(NUMBER) ?? none),
      codec: String.fromCharCode(...(parts.get(CODEC) ?? none).subarray(0, 64)).replace(/[^\x21-\x7e]+/g, ''),
      codecPrivate: parts.get(CODEC_PRIVATE) ?? none,
      codecDelay: delay && readUint(delay),
      isEncoded: parts.has(ENCODINGS),
    });
  }
  return tracks;
}
