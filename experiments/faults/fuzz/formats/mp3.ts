// seed → MP3 files: frames with forged headers and side information, in tags, joined, cut, and after silence

import { readFile } from 'node:fs/promises';
import type { RandomStream } from 'speech-emotion/layers';
import { damage, id3Tag, join, latin1, little } from '../bytes.ts';
import { happens, pick, randomBytes } from '../chance.ts';
import type { Format } from '../format.ts';
import { decoder, faultOfSound } from './sound.ts';

export const mp3: Format = {
  errors: ['AudioFormatError'],
  async open() {
    const files = await Promise.all(
      ['speech.mp3', 'stereo.mp3', 'speech-id3.mp3'].map(
        async (name) =>
          new Uint8Array(await readFile(new URL(`../../../../test/fixtures/audio/${name}`, import.meta.url))),
      ),
    );
    const split = files.map(framesOf);
    return (random) => {
      const right = happens(random, 0.05);
      const bytes = right ? pick(random, files) : forged(random, pick(random, split), pick(random, split));
      const input = right || happens(random, 0.6) ? bytes : damage(random, bytes, pick(random, files));
      return {
        input,
        unrefusable: right,
        answer: decoder(random, input),
        // A frame has 1152 samples at most and 24 bytes at least; repeated decoding of a tag would be more.
        fault: (answer) => faultOfSound(answer, { atMost: 50 * input.length + 2400 }),
      };
    };
  },
};

/** Cut at what looks like the beginning of a frame of the kind that comes first. */
function framesOf(bytes: Uint8Array): Uint8Array[] {
  const starts: number[] = [];
  const first = bytes.findIndex((byte, i) => byte === 0xff && (bytes[i + 1]! & 0xe0) === 0xe0);
  for (let at = first; at >= 0 && at + 4 < bytes.length; at++) {
    if (bytes[at] === 0xff && bytes[at + 1] === bytes[first + 1]) starts.push(at);
  }
  return [bytes.slice(0, first), ...starts.map((start, i) => bytes.slice(start, starts[i + 1]))];
}

function forged(random: RandomStream, frames: readonly Uint8Array[], others: readonly Uint8Array[]): Uint8Array {
  const changed = frames.map((frame) => (happens(random, 0.3) ? forgedFrame(random, frame) : frame));
  if (happens(random, 0.1)) random.shuffle(changed);
  if (happens(random, 0.1)) changed.push(...others);
  if (happens(random, 0.1)) changed.splice(1, 0, xing(random));
  if (happens(random, 0.15)) changed.unshift(id3Tag(random));
  if (happens(random, 0.1)) changed.unshift(new Uint8Array(random.integer(3000)));
  if (happens(random, 0.1)) changed.push(join(latin1('TAG'), randomBytes(random, 125)));
  if (happens(random, 0.1)) changed.push(join(latin1('APETAGEX'), little(2000, 4), randomBytes(random, 20)));
  return join(...changed);
}

/** The four bytes of the header, then 17 or 32 of side information: the beginning of the data, block types, tables, gains. */
function forgedFrame(random: RandomStream, frame: Uint8Array): Uint8Array {
  const copy = frame.slice();
  const at = pick(random, [1, 2, 3, 4, 5, 6, 8, 12, 16, 20, 24, 30]);
  if (at < copy.length) copy[at] = happens(random, 0.5) ? random.integer(256) : copy[at]! ^ (1 << random.integer(8));
  return copy;
}

/** A header that counts frames, as encoders put it first; it may lie. */
function xing(random: RandomStream): Uint8Array {
  const frame = new Uint8Array(144);
  frame.set([0xff, 0xfb, 0x50, 0xc4]);
  frame.set(latin1(pick(random, ['Xing', 'Info', 'VBRI'])), pick(random, [21, 36]));
  frame.set(randomBytes(random, 12), 40);
  return frame;
}
