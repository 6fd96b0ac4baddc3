// seed → Ogg files with Vorbis, FLAC or Opus: pages and headers forged, their checksums right all the same

import { readFile } from 'node:fs/promises';
import type { RandomStream } from 'speech-emotion/layers';
import { damage, join, latin1, little } from '../bytes.ts';
import { happens, ODD_NUMBERS, pick, randomBytes } from '../chance.ts';
import { oggCrc } from '../checksums.ts';
import type { Format } from '../format.ts';
import { decoder, faultOfSound, samplesAtMost } from './sound.ts';

export const ogg: Format = {
  errors: ['AudioFormatError'],
  async open() {
    const files = await Promise.all(
      ['speech.ogg', 'stereo.ogg', 'speech.oga', 'speech.opus'].map(
        async (name) =>
          new Uint8Array(await readFile(new URL(`../../../../test/fixtures/audio/${name}`, import.meta.url))),
      ),
    );
    const pages = files.map(pagesOf);
    return (random) => {
      const which = random.integer(pages.length);
      const right = happens(random, 0.05);
      const bytes = right ? files[which]! : forged(random, pages[which]!, pick(random, pages));
      const input = right || happens(random, 0.7) ? bytes : damage(random, bytes);
      return {
        input,
        unrefusable: right,
        answer: decoder(random, input),
        fault: (answer) => faultOfSound(answer, { atMost: samplesAtMost(input.length) }),
      };
    };
  },
};

/** RFC 3533: 27 bytes, as many segment sizes as the last of them says, the segments. */
interface Page {
  readonly header: Uint8Array;
  readonly sizes: Uint8Array;
  readonly content: Uint8Array;
}

function pagesOf(bytes: Uint8Array): Page[] {
  const pages: Page[] = [];
  for (let at = 0; at + 27 <= bytes.length; ) {
    const header = bytes.slice(at, at + 27);
    const sizes = bytes.slice(at + 27, at + 27 + header[26]!);
    const length = sizes.reduce((sum, size) => sum + size, 0);
    const start = at + 27 + sizes.length;
    pages.push({ header, sizes, content: bytes.slice(start, start + length) });
    at = start + length;
  }
  return pages;
}

function bytesOf({ header, sizes, content }: Page): Uint8Array {
  const bytes = join(header, sizes, content);
  bytes.fill(0, 22, 26);
  bytes.set(little(oggCrc(bytes), 4), 22);
  return bytes;
}

function forged(random: RandomStream, pages: readonly Page[], others: readonly Page[]): Uint8Array {
  let forgedPages = pages.map((page) => (happens(random, 1 / pages.length) ? forgedPage(random, page) : page));
  if (happens(random, 0.3)) forgedPages[0] = forgedStart(random, forgedPages[0]!);
  if (happens(random, 0.1)) random.shuffle(forgedPages);
  if (happens(random, 0.1)) forgedPages = [...forgedPages, ...others]; // a second stream in the chain
  if (happens(random, 0.1)) forgedPages.splice(random.integer(forgedPages.length), 1);
  if (happens(random, 0.1)) forgedPages.splice(random.integer(forgedPages.length), 0, pick(random, others));
  return join(...forgedPages.map(bytesOf));
}

function forgedPage(random: RandomStream, page: Page): Page {
  const header = page.header.slice();
  const kind = random.integer(8);
  if (kind === 0)
    header[4] = random.integer(256); // version
  else if (kind === 1)
    header[5] = random.integer(256); // continued, first, last
  else if (kind === 2)
    header.set(randomBytes(random, 8), 6); // position
  else if (kind === 3)
    header.set(little(pick(random, [0, 1, 2 ** 32 - 1]), 4), 14); // stream
  else if (kind === 4)
    header.set(little(pick(random, [0, 1, 2 ** 32 - 1]), 4), 18); // number
  else if (kind === 5)
    return withSizes(
      page,
      page.sizes.map((size) => (happens(random, 0.2) ? random.integer(256) : size)),
    );
  else return { ...page, content: damage(random, page.content).slice(0, page.content.length) };
  return { ...page, header };
}

function withSizes({ header, content }: Page, sizes: Uint8Array): Page {
  return { header, sizes, content };
}

/** The fields of Vorbis' and Opus' first packets: channels, rate, block sizes. */
function forgedStart(random: RandomStream, page: Page): Page {
  const content = page.content.slice();
  const number = Math.abs(Math.floor(pick(random, ODD_NUMBERS))) % 2 ** 32;
  const place = pick(random, [7, 11, 12, 16, 20, 24, 28, 29]);
  if (place + 4 <= content.length)
    content.set(place === 11 || place > 27 ? [random.integer(256)] : little(number, 4), place);
  if (happens(random, 0.1) && content.length >= 8)
    content.set(latin1(pick(random, ['OpusHead', '\x7fFLAC', 'Speex   '])));
  return { ...page, content };
}
