// a recording's bytes, a piece of it → a sound that decodes to the piece, as the whole would have it
//
// What comes is a WAV file of its own. A piece that begins within the sound begins with the first 100 ms behind the recording's digital
// silence, from which the offset is told that is removed from all of it.

import { offsetSamples, type Piece } from './pieces.ts';
import { firstSound, type ReadBytes, type WavLayout } from './wavLayout.ts';

/** A sound that is read as it comes. */
export interface SoundStream extends AsyncIterable<Uint8Array> {
  readonly name: string;
  readonly size: number;
}

/** Bytes that are read at a time. */
const PART = 2 ** 20;

/**
 * Opens a piece of a recording.
 *
 * @param channel the one that will be listened to
 */
export async function pieceSound(
  name: string,
  read: ReadBytes,
  layout: WavLayout,
  { from, to }: Piece,
  channel: number,
): Promise<SoundStream> {
  const { format, channels, width, start, frames, sampleRate } = layout;
  const block = channels * width;
  const bytes = (first: number, end: number) => read(start + first * block, start + end * block);
  const sound = from === 0 ? undefined : await soundStart(bytes, layout, channel);
  const needed = offsetSamples(sampleRate);
  const beginning =
    sound !== undefined && sound < from ? await bytes(sound, Math.min(frames, sound + needed)) : undefined;
  // Sound that begins within the piece tells the offset itself: of as much as the whole has of it.
  const begins = sound !== undefined && sound >= from && sound < to;
  const end = begins ? Math.min(frames, Math.max(to, sound + needed)) : to;
  const head = header(Buffer.from(format, 'base64'), (end - from) * block);
  return {
    name,
    size: head.length + (end - from) * block,
    async *[Symbol.asyncIterator]() {
      yield head;
      if (beginning) yield beginning;
      const most = Math.max(1, Math.floor(PART / block));
      for (let at = from + (beginning?.length ?? 0) / block; at < end; at += most) {
        const part = await bytes(at, Math.min(end, at + most));
        if (part.length < (Math.min(end, at + most) - at) * block)
          throw new Error(`Cannot read ${name}: it has become shorter`);
        yield part;
      }
    },
  };
}

/** Where a channel begins to be something else than digital silence; undefined where it never does. */
async function soundStart(bytes: ReadBytes, layout: WavLayout, channel: number): Promise<number | undefined> {
  for (let at = 0; at < layout.frames; ) {
    const part = at === 0 ? 2 ** 12 : 2 ** 18; // samples
    const end = Math.min(layout.frames, at + part);
    const first = firstSound(await bytes(at, end), layout, channel);
    if (first !== undefined) return at + first;
    at = end;
  }
  return undefined;
}

function header(format: Uint8Array, length: number): Uint8Array {
  const padded = format.length + (format.length % 2);
  const head = new Uint8Array(28 + padded);
  const view = new DataView(head.buffer);
  const text = (at: number, word: string) => head.set(Buffer.from(word, 'latin1'), at);
  text(0, 'RIFF');
  view.setUint32(4, Math.min(20 + padded + length, 0xfffffffe), true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, format.length, true);
  head.set(format, 20);
  text(20 + padded, 'data');
  view.setUint32(24 + padded, length, true);
  return head;
}
