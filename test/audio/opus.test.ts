// Oracles: what opusdec (opus-tools, libopus) makes of the same files, stored by fixtures/audio/make.sh; a plain writer of Ogg.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { opusSamples } from '../../src/audio/formats/opusPackets.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { oggPackets, oggPage, oggPagesOf, sealed } from '../support/ogg.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url)));
const samplesOf = async (bytes: Uint8Array) => (await decodeAudio(bytes)).samples;
const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
function distance(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i]!)), 0);
}

const speech = fixture('speech.opus');
const pages = oggPagesOf(speech);
const packets = oggPackets(pages.slice(2));
/** The header with other bytes in it. */
const headWith = (at: number, ...bytes: number[]) => {
  const page = pages[0]!.slice();
  page.set(bytes, 28 + at);
  return sealed(page);
};
/** The stream of the fixture as pages of one packet each. */
function singly(serial = 1, { last = true } = {}): Uint8Array[] {
  let granule = 0;
  return [
    oggPage({ serial, sequence: 0, flags: 2, packets: oggPackets([pages[0]!]) }),
    oggPage({ serial, sequence: 1, packets: oggPackets([pages[1]!]) }),
    ...packets.map((packet, i) => {
      granule += 960;
      const isLast = last && i === packets.length - 1;
      const end = isLast ? 43_200 + 312 : granule;
      return oggPage({ serial, sequence: i + 2, flags: isLast ? 4 : 0, granule: end, packets: [packet] });
    }),
  ];
}

beforeAll(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // the decoder tells of each damaged packet
});
afterAll(() => {
  vi.restoreAllMocks();
});

describe('Opus in Ogg', () => {
  it.each(['speech.opus', 'surround.opus'])('gives what opusdec makes of %s, to a step of 16 bits', async (name) => {
    const theirs = await decodeAudio(fixture(`${name}.decoded.flac`));
    const ours = await decodeAudio(fixture(name));
    expect(ours.sampleRate).toBe(48_000);
    expect(distance(ours.samples, theirs.samples)).toBeLessThan(1 / 32_768);
  });

  it('gives the same however the packets lie on pages', async () => {
    expect(packets.every((packet) => opusSamples(packet) === 960)).toBe(true);
    expect(distance(await samplesOf(joined(...singly())), await samplesOf(speech))).toBe(0);
  });

  it('applies the gain of the header: +6.02 dB are a factor of 2', async () => {
    const louder = await samplesOf(joined(headWith(16, 0x05, 0x06), ...pages.slice(1))); // 1541 / 256 dB
    const plain = await samplesOf(speech);
    expect(
      distance(
        louder,
        plain.map((x) => x * 10 ** (1541 / 256 / 20)),
      ),
    ).toBeLessThan(1e-6);
  });

  it('is heard beside other streams, in whatever order they begin', async () => {
    const own = singly(7);
    const video = Array.from({ length: own.length }, (_, sequence) =>
      oggPage({ serial: 8, sequence, flags: sequence === 0 ? 2 : 0, packets: [ascii('\x80theora and more')] }),
    );
    const skeleton = oggPage({ serial: 9, sequence: 0, flags: 2, packets: [ascii('fishead\0')] });
    const second = oggPage({ serial: 10, sequence: 0, flags: 2, packets: oggPackets([pages[0]!]) });
    const file = joined(
      skeleton,
      video[0]!,
      own[0]!,
      second,
      ...own.slice(1).flatMap((page, i) => [video[i + 1]!, page]),
    );
    expect(distance(await samplesOf(file), await samplesOf(speech))).toBe(0);
  });

  it('decodes chained streams one after the other, also of other channels', async () => {
    const surround = fixture('surround.opus');
    const [one, other] = [await samplesOf(speech), await samplesOf(surround)];
    const both = await samplesOf(joined(speech, surround, joined(...singly(5))));
    const wanted = Float32Array.from([...one, ...other, ...one]);
    expect(distance(both, wanted)).toBe(0);
  });

  it('looks past an ID3 tag and bytes between pages', async () => {
    const tag = joined(ascii('ID3\x03\x00\x00\x00\x00\x00\x05'), new Uint8Array(5));
    const [first, ...rest] = singly();
    const file = joined(tag, first!, ascii('OggS and nothing'), ...rest);
    expect(distance(await samplesOf(file), await samplesOf(speech))).toBe(0);
  });
});

describe('damaged Opus in Ogg', () => {
  it.each([
    ['a page whose checksum is wrong', (all: Uint8Array[]) => all.map((page, i) => (i === 20 ? flipped(page) : page))],
    ['a page that is missing', (all: Uint8Array[]) => all.filter((_, i) => i !== 20)],
  ])('loses %s alone', async (_, damage) => {
    const [whole, left] = [await samplesOf(speech), await samplesOf(joined(...damage(singly())))];
    expect(left.length).toBe(whole.length - 960);
    const before = 18 * 960 - 312;
    expect(distance(left.subarray(0, before), whole.subarray(0, before))).toBe(0);
    const tail = 9600; // the decoder has found back to its state by then
    expect(distance(left.subarray(-tail), whole.subarray(-tail))).toBeLessThan(0.02);
  });

  const flipped = (page: Uint8Array) => page.map((byte, i) => (i === page.length - 1 ? byte ^ 1 : byte));

  it('gives what is there of a file that is cut, anywhere', async () => {
    const whole = await samplesOf(speech);
    const file = joined(...singly());
    for (const share of [0.3, 0.5, 0.9]) {
      const left = await samplesOf(file.subarray(0, Math.floor(share * file.length)));
      expect(left.length % 960).toBe(960 - 312);
      expect(distance(left, whole.subarray(0, left.length))).toBe(0);
    }
  });

  it.each<[string, Uint8Array, string]>([
    ['a file of headers alone', joined(...pages.slice(0, 2)), 'found no samples in an Ogg file with Opus'],
    [
      'a damaged first page',
      joined(flipped(pages[0]!), ...pages.slice(1)),
      'found no samples in an Ogg file with Opus',
    ],
    ['a header of no channels', joined(headWith(9, 0), ...pages.slice(1)), 'found a damaged header'],
    ['a header of a later version', joined(headWith(8, 16), ...pages.slice(1)), 'found a damaged header'],
    ['channels without a mapping', joined(headWith(9, 3), ...pages.slice(1)), '3 channels of mapping family 0'],
    ['another codec', oggPage({ sequence: 0, flags: 2, packets: [ascii('Speex   1.2')] }), 'an Ogg file with Speex'],
    ['pages that lie about their size', joined(...singly().map((page) => page.slice(0, 40))), 'found no samples'],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(decodeAudio(bytes)).rejects.toThrow(AudioFormatError);
    await expect(decodeAudio(bytes)).rejects.toThrow(message);
  });

  it('leaves out packets that are none: empty, of over 120 ms, longer than any', async () => {
    const bad = [new Uint8Array(0), Uint8Array.of(0x1b, 63), new Uint8Array(5000).fill(0xf8), Uint8Array.of(3)];
    const own = singly(1, { last: false });
    const file = joined(...own, oggPage({ sequence: own.length, granule: 50_000, packets: bad }));
    expect((await samplesOf(file)).length).toBe(packets.length * 960 - 312);
  });

  it('bounds what packets of nothing unpack to, before all of them are decoded', async () => {
    const tiny = Uint8Array.of(0xe3, 48); // 48 frames of 2.5 ms, each empty
    const page = (sequence: number) => oggPage({ sequence, packets: Array(127).fill(tiny) });
    const bomb = joined(...singly().slice(0, 2), ...Array.from({ length: 200 }, (_, i) => page(i + 2)));
    await expect(decodeAudio(bomb, { maxSeconds: 20 })).rejects.toThrow(
      'found over 20 seconds of sound in an Ogg file',
    );
    await expect(decodeAudio(bomb)).rejects.toThrow('of sound in an Ogg file with Opus of');
  });

  it('stops between pages', async () => {
    const controller = new AbortController();
    const long = joined(...Array.from({ length: 20 }, (_, i) => joined(...singly(i))));
    const decoding = decodeAudio(long, { signal: controller.signal });
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason));
    await expect(decoding).rejects.toBe(reason);
  });
});
