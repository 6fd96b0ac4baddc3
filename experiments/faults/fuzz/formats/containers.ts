// seed → bytes that begin as something: other sound formats, documents, archives, text, and WAV or MP3 within something else

import { damage, id3Tag, join, latin1, little } from '../bytes.ts';
import { happens, pick, randomBytes } from '../chance.ts';
import type { Format } from '../format.ts';
import { decoder, faultOfSound } from './sound.ts';

/** How files begin, as their specifications have it. */
const BEGINNINGS = [
  ...['RIFX\0\0\0\0WAVE', 'RIFF\0\0\0\0AVI LIST', 'RIFF\xff\xff\xff\xffWAVEdata', 'RF64\xff\xff\xff\xffWAVEds64'],
  ...['FORM\0\0\0\0AIFFCOMM', 'FORM\0\0\0\0AIFCFVER', 'caff\0\x01\0\0desc', '.snd\0\0\0\x18', 'NIST_1A\n   1024\n'],
  ...['wvpkABCD', 'MAC \x96\x0f', 'ADIF', '#!AMR\n', '#!AMR-WB\n', '\0\0\0\x20ftypM4A ', '\0\0\0\x18ftypisom'],
  ...[
    '\x1a\x45\xdf\xa3\x9f\x42\x86',
    '\x30\x26\xb2\x75\x8e\x66\xcf\x11',
    'PK\x03\x04\x14\0',
    'PK\x05\x06',
    '\x1f\x8b\x08',
  ],
  ...['%PDF-1.7', '\x89PNG\r\n\x1a\n', '\xff\xd8\xff\xe0', 'GIF89a', '<!doctype html>', '{"json":', '\xef\xbb\xbftext'],
  ...[
    'ID3\x03\0\0\0\0\0\x01a',
    'ID3\x04\0\x10\x7f\x7f\x7f\x7f',
    'fLaC',
    'OggS\0\x02',
    'OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0',
  ],
  ...[
    '\xff\xf1\x50\x80',
    '\xff\xf9\x50\x80',
    '\xff\xfb\x90\x00',
    '\xff\xf3\x40\xc0',
    '\xff\xe3\x18\xc4',
    'TAG',
    'APETAGEX',
  ],
].map(latin1);

export const containers: Format = {
  errors: ['AudioFormatError'],
  async open() {
    return (random) => {
      const content = join(pick(random, BEGINNINGS), randomBytes(random, random.integer(200)));
      const tagged = happens(random, 0.2) ? join(id3Tag(random), content) : content;
      const wrapped = happens(random, 0.2)
        ? join(latin1('RIFF'), little(tagged.length + 4, 4), latin1('WAVE'), tagged)
        : tagged;
      const bytes = happens(random, 0.5) ? damage(random, wrapped, pick(random, BEGINNINGS)) : wrapped;
      // Those that a decoder of WebAssembly would be started for are what the formats of their own are for: it takes too long.
      const input =
        /^(fLaC|OggS|ID3|\xff[\xe0-\xff])/s.test(String.fromCharCode(...bytes.subarray(0, 4))) && happens(random, 0.97)
          ? bytes.subarray(1)
          : bytes;
      return {
        input,
        answer: decoder(random, input),
        fault: (answer) => faultOfSound(answer, { atMost: 2000 * input.length }),
      };
    };
  },
};
