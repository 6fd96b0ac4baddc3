// Oracles: the same packets in Ogg, decoded by what opus.test.ts and decode.test.ts hold; a plain writer of Matroska.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { blockBody, element, matroska, trackEntry, vint } from '../support/matroska.ts';
import { oggPackets, oggPage, oggPagesOf, sealed } from '../support/ogg.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url)));
const samplesOf = async (bytes: Uint8Array) => (await decodeAudio(bytes)).samples;
const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
function distance(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i]!)), 0);
}

const pages = oggPagesOf(fixture('speech.opus'));
const head = oggPackets(pages.slice(0, 1))[0]!;
const packets = oggPackets(pages.slice(2));
/** All that the packets decode to, without what comes before: 46 packets of 20 ms. */
const LENGTH = packets.length * 960 - 312;

const simple = (frames: readonly Uint8Array[], lacing = 0, track = 1) =>
  element(0xa3, blockBody(track, frames, lacing));
const group = (frame: Uint8Array, padding: number[]) =>
  joined(element(0xa0, [...element(0x75a2, padding), ...element(0xa1, blockBody(1, [frame]))]));
const chunks = <T>(list: readonly T[], size: number) =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(size * i, size * (i + 1)));
const opusTrack = trackEntry(1, 2, 'A_OPUS', head);
const plain = (options = {}) =>
  matroska(
    [opusTrack],
    chunks(packets, 10).map((some) => some.map((packet) => simple([packet]))),
    options,
  );

/** The whole sound, as the same packets in Ogg give it. */
async function whole(): Promise<Float32Array> {
  const page = (some: Uint8Array[], i: number) => oggPage({ sequence: i + 2, granule: -1, packets: some });
  return samplesOf(
    joined(
      oggPage({ sequence: 0, flags: 2, packets: [head] }),
      oggPage({ sequence: 1, packets: oggPackets(pages.slice(1, 2)) }),
      ...chunks(packets, 10).map(page),
    ),
  );
}

beforeAll(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // the decoder tells of each damaged packet
});
afterAll(() => {
  vi.restoreAllMocks();
});

describe('WebM and Matroska', () => {
  it('give what opusdec makes of the same Opus, trimmed at the end as the file says', async () => {
    const theirs = await decodeAudio(fixture('speech.opus.decoded.flac'));
    const ours = await decodeAudio(fixture('speech.webm'));
    expect(ours.sampleRate).toBe(48_000);
    expect(distance(ours.samples, theirs.samples)).toBeLessThan(1 / 32_768);
  });

  it('give the Vorbis that an Ogg file holds', async () => {
    const ours = await decodeAudio(fixture('vorbis.webm'));
    const theirs = await decodeAudio(fixture('speech.ogg'));
    expect(ours.sampleRate).toBe(16_000);
    expect(ours.samples.length).toBeGreaterThanOrEqual(14_400); // nothing there says where the padding begins
    expect(distance(ours.samples.subarray(0, 14_400), theirs.samples)).toBe(0);
  });

  it('are read with known and with unknown sizes, as recorders write that go on', async () => {
    const wanted = await whole();
    expect(wanted.length).toBe(LENGTH);
    expect(distance(await samplesOf(plain()), wanted)).toBe(0);
    expect(distance(await samplesOf(plain({ unknown: true })), wanted)).toBe(0);
  });

  it.each([
    ["Xiph's way", 1],
    ["EBML's way", 3],
  ])('are read with frames laced %s', async (_, lacing) => {
    const file = matroska([opusTrack], [chunks(packets, 8).map((some) => simple(some, lacing))]);
    expect(distance(await samplesOf(file), await whole())).toBe(0);
  });

  it('are read with frames of one size in a block', async () => {
    const [one, other] = [packets[3]!, packets[3]!];
    const file = (blocks: Uint8Array[]) => samplesOf(matroska([opusTrack], [blocks]));
    expect(distance(await file([simple([one, other], 2)]), await file([simple([one]), simple([other])]))).toBe(0);
  });

  it('leave out the padding that the last block tells of: 10 ms are 480 samples', async () => {
    const blocks = [
      ...packets.slice(0, -1).map((packet) => simple([packet])),
      group(packets.at(-1)!, [0, 0x98, 0x96, 0x80]),
    ];
    const samples = await samplesOf(matroska([opusTrack], [blocks]));
    expect(distance(samples, (await whole()).subarray(0, LENGTH - 480))).toBe(0);
  });

  it('have their first track of sound heard, beside video and others', async () => {
    const video = trackEntry(3, 1, 'V_VP8', new Uint8Array(0));
    const second = trackEntry(2, 2, 'A_OPUS', head);
    const blocks = packets.flatMap((packet, i) => [
      simple([new Uint8Array(300).fill(i)], 0, 3),
      simple([packets[0]!], 0, 2),
      simple([packet]),
    ]);
    expect(distance(await samplesOf(matroska([video, opusTrack, second], [blocks])), await whole())).toBe(0);
  });

  it('are heard one after the other where they are joined', async () => {
    const one = await whole();
    const both = await samplesOf(joined(plain({ unknown: true }), plain()));
    expect(distance(both, Float32Array.from([...one, ...one]))).toBe(0);
  });
});

describe('damaged WebM', () => {
  it('gives what is there of a file that is cut', async () => {
    const wanted = await whole();
    const file = plain({ unknown: true });
    for (const share of [0.4, 0.7, 0.95]) {
      const left = await samplesOf(file.subarray(0, Math.floor(share * file.length)));
      expect(left.length).toBeGreaterThan(960);
      expect(distance(left, wanted.subarray(0, left.length))).toBe(0);
    }
  });

  it('loses the rest of a cluster in which a size lies, and no more', async () => {
    const clusters = chunks(packets, 10).map((some) => some.map((packet) => simple([packet])));
    const lying = Uint8Array.from([0xa3, ...vint(1e6), 0, 0, 0]);
    const file = matroska(
      [opusTrack],
      [clusters[0]!, [clusters[1]![0]!, lying, clusters[1]![1]!], ...clusters.slice(2)],
    );
    expect((await samplesOf(file)).length).toBe(LENGTH - 9 * 960);
  });

  it.each<[string, Uint8Array, string]>([
    ['of no blocks', matroska([opusTrack], []), 'found no samples in a WebM or Matroska file with Opus'],
    [
      'with a damaged codec header',
      matroska([trackEntry(1, 2, 'A_OPUS', head.subarray(0, 9))], []),
      'a damaged header',
    ],
    ['of another codec', matroska([trackEntry(1, 2, 'A_AC3', head)], []), 'a WebM or Matroska file with A_AC3'],
    ['of video alone', matroska([trackEntry(1, 1, 'V_VP8', head)], []), 'found a WebM or Matroska file'],
    ['without tracks', matroska([], []), 'found a WebM or Matroska file'],
    ['of four bytes', Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3), 'found a WebM or Matroska file'],
    [
      'joined with one of another codec',
      joined(plain(), matroska([trackEntry(1, 2, 'A_AAC', head)], [])),
      'found files of different codecs joined',
    ],
    [
      'of blocks of frames that are no Opus',
      matroska([opusTrack], [[simple([new Uint8Array(0)])]]),
      'found no samples',
    ],
    [
      'of laces that lie',
      matroska([opusTrack], [[element(0xa3, [0x81, 0, 0, 2, 200, 255, 255, 1])]]),
      'found no samples',
    ],
    [
      'with Vorbis of no headers',
      matroska([trackEntry(1, 2, 'A_VORBIS', new Uint8Array(3))], [[simple([head])]]),
      'Cannot',
    ],
  ])('%s is refused', async (_, bytes, message) => {
    await expect(decodeAudio(bytes)).rejects.toThrow(AudioFormatError);
    await expect(decodeAudio(bytes)).rejects.toThrow(message);
  });

  it('is bounded in what packets of nothing unpack to', async () => {
    const tiny = Array(200).fill(Uint8Array.of(0xe3, 48));
    const bomb = matroska([opusTrack], [Array(50).fill(simple(tiny, 2))]);
    await expect(decodeAudio(bomb, { maxSeconds: 30 })).rejects.toThrow('found over 30 seconds of sound in a WebM');
    await expect(decodeAudio(bomb)).rejects.toThrow('of sound in a WebM or Matroska file with Opus of');
  });
});

describe('Vorbis in Ogg', () => {
  const speech = fixture('speech.ogg');

  it('is heard beside video (oracle: the same packets by themselves)', async () => {
    expect(distance(await samplesOf(fixture('theora.ogv')), await samplesOf(speech))).toBe(0);
  });

  it('is decoded one stream after the other, also of other channels', async () => {
    const stereo = fixture('stereo.ogg');
    const wanted = Float32Array.from([...(await samplesOf(speech)), ...(await samplesOf(stereo))]);
    expect(distance(await samplesOf(joined(speech, stereo)), wanted)).toBe(0);
  });

  it('gives what is there of a page that is cut, and nothing else (oracle: the whole file)', async () => {
    const whole = await samplesOf(speech);
    for (const share of [0.65, 0.8, 0.95]) {
      const left = await samplesOf(speech.subarray(0, Math.floor(share * speech.length)));
      expect(left.length).toBeGreaterThan(2000);
      expect(left.length).toBeLessThan(whole.length);
      expect(distance(left, whole.subarray(0, left.length))).toBe(0);
    }
  });

  it('is refused where streams of two rates are joined', async () => {
    const [first, ...rest] = oggPagesOf(speech);
    const other = first!.slice();
    new DataView(other.buffer).setUint32(28 + 12, 22_050, true);
    const file = joined(speech, sealed(other), ...rest);
    await expect(decodeAudio(file)).rejects.toThrow(
      /found Ogg Vorbis of 16000 Hz and, .* of 22050 Hz, as of files that were joined/,
    );
  });
});
