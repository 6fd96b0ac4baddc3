// seed → WAV of GSM 6.10, IMA and Microsoft ADPCM and MP3: right ones, and such with headers, blocks, sizes and bytes that are wrong

import { readFile } from 'node:fs/promises';
import type { RandomStream } from 'speech-emotion/layers';
import { damage, join, latin1, little } from '../bytes.ts';
import { between, happens, pick, randomBytes } from '../chance.ts';
import type { Format } from '../format.ts';
import { decoder, faultOfSound } from './sound.ts';
import { samplesInWav } from './wav.ts';

export const waveCodecs: Format = {
  errors: ['AudioFormatError'],
  async open() {
    const read = async (name: string) =>
      new Uint8Array(await readFile(new URL(`../../../../test/fixtures/audio/${name}`, import.meta.url)));
    const files = await Promise.all(['gsm.wav', 'ima-adpcm.wav', 'ms-adpcm.wav'].map(read));
    const mp3 = await read('speech.mp3');
    return (random) => {
      const right = happens(random, 0.1);
      const file = pick(random, files);
      // MP3 takes a decoder of WebAssembly, and has a format of its own.
      const whole = !right && happens(random, 0.01) ? withSamples(file, mp3, 85) : file;
      const bytes = right ? whole : forged(random, whole);
      const input = right || happens(random, 0.5) ? bytes : damage(random, bytes, pick(random, files));
      return {
        input,
        unrefusable: right,
        answer: decoder(random, input),
        fault: (answer) => faultOfSound(answer, { atMost: samplesInWav(input) }),
      };
    };
  },
};

/** RFC 2361: of the format chunk, the tag, channels, rate, bytes a second, bytes a block, bits, more bytes, samples a block. */
const FIELDS = [
  [0, 2],
  [2, 2],
  [4, 4],
  [8, 4],
  [12, 2],
  [14, 2],
  [16, 2],
  [18, 2],
] as const;
const NUMBERS = [0, 1, 2, 3, 4, 7, 8, 17, 33, 49, 65, 255, 256, 1024, 8000, 32_768, 65_535];

/** Where the content of a chunk of a file that is in order begins. */
function contentOf(file: Uint8Array, id: string): number {
  return Buffer.from(file).indexOf(id) + 8;
}

function withSamples(file: Uint8Array, samples: Uint8Array, tag: number): Uint8Array {
  const data = contentOf(file, 'data');
  const head = file.slice(0, data);
  head.set(little(tag, 2), contentOf(file, 'fmt '));
  head.set(little(samples.length, 4), data - 4);
  return join(head, samples);
}

/** Fewer blocks, as they are or of random bytes, behind a header some of whose fields are others. */
function forged(random: RandomStream, file: Uint8Array): Uint8Array {
  const data = contentOf(file, 'data');
  const head = file.slice(0, data);
  const format = contentOf(file, 'fmt ');
  for (const [at, width] of FIELDS) {
    if (happens(random, 0.12)) head.set(little(pick(random, NUMBERS), width), format + at);
  }
  if (happens(random, 0.2)) {
    const place = format + random.integer(data - format - 4); // samples a block, coefficients, or what follows
    head.set(randomBytes(random, 4), place);
  }
  const fact = Buffer.from(head).indexOf('fact');
  if (fact >= 0 && happens(random, 0.3)) head.set(little(pick(random, [0, 1, 300, 2 ** 31, 2 ** 32 - 1]), 4), fact + 8);
  const rest = file.length - data;
  const length = happens(random, 0.2) ? rest : between(random, 0, Math.min(rest, 1200));
  const samples = happens(random, 0.3) ? randomBytes(random, Math.min(length, 400)) : file.slice(data, data + length);
  const size = happens(random, 0.3)
    ? pick(random, [0, 1, samples.length + 1, 2 ** 31 - 1, 2 ** 32 - 1])
    : samples.length;
  head.set(little(size, 4), data - 4);
  const behind = happens(random, 0.2) ? join(latin1('LIST'), little(4, 4), latin1('INFO')) : new Uint8Array(0);
  return join(head, samples, behind);
}
