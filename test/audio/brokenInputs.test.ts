// Nine kinds of broken input, of every format. Oracles: the sound of the file that is right, of which a broken one may give a part; the
// words for what was found; and the process, which must not take much memory. Decoded or refused by an error of the library's own, soon.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { toWaveform } from '../../src/audio/toWaveform.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { type DecodedSound, decodedSound } from '../support/decoded.ts';
import { EVERY_FORMAT, fixture, OTHER_FILES } from '../support/everyFormat.ts';
import { mostMemory } from '../support/memory.ts';
import { join, letters } from '../support/soundFiles.ts';

const MEBIBYTE = 2 ** 20;

/** What decoding gives: sound, or the message of an error of the library's own. */
const outcome = (bytes: Uint8Array): Promise<DecodedSound | string> =>
  decodedSound(bytes).catch((error: unknown) => {
    expect(error).toBeInstanceOf(AudioFormatError);
    const { message } = error as Error;
    expect(message).toMatch(/^Cannot decode [^:]+: (found|the decoder) ./);
    return message;
  });

/** Holds that what came is a beginning of what would be right, but for some samples at its end. */
function expectBeginning(got: DecodedSound | string, whole: DecodedSound, slack: number): number {
  if (typeof got === 'string') return 0;
  expect(got.sampleRate).toBe(whole.sampleRate);
  const [samples, right] = [got.channels[0]!, whole.channels[0]!];
  const sure = Math.max(0, Math.min(samples.length, right.length) - slack);
  expect(samples.slice(0, sure)).toEqual(right.slice(0, sure));
  return samples.length;
}

/** Holds that sound is bounded by its bytes, and finite. */
function expectSound(got: DecodedSound | string, bytes: number): void {
  if (typeof got === 'string') return;
  for (const channel of got.channels) {
    expect(channel.length).toBeLessThanOrEqual(1000 * bytes + 2 ** 22);
    expect(channel.every(Number.isFinite)).toBe(true);
  }
}

beforeAll(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // decoders tell of each damaged frame
});
afterAll(() => {
  vi.restoreAllMocks();
});

describe.each(Object.entries(EVERY_FORMAT))('%s', (name, { file, slack, ...broken }) => {
  let whole: DecodedSound;
  beforeAll(async () => {
    whole = await decodedSound(file);
    expect(whole.channels[0]!.length).toBeGreaterThan(200);
  });

  it('cut short gives its beginning, or says what is missing', async () => {
    const lengths = [
      1,
      3,
      4,
      8,
      12,
      20,
      30,
      44,
      60,
      100,
      200,
      ...[0.2, 0.4, 0.6, 0.8, 0.95].map((x) => x * file.length),
    ];
    let longest = 0;
    for (const length of [...lengths, file.length - 1].filter((length) => length < file.length)) {
      const got = await outcome(file.subarray(0, Math.floor(length)));
      longest = expectBeginning(got, whole, slack);
    }
    expect(longest).toBeGreaterThan(0.8 * whole.channels[0]!.length - slack); // of all but the last byte
  });

  it('of wrong sizes gives its beginning, or says what is wrong', async () => {
    for (const bytes of broken.wrongSizes) {
      const got = await outcome(bytes);
      if (slack === 0) expectBeginning(got, whole, slack);
      expectSound(got, bytes.length);
    }
  });

  it('joined to another file gives its own sound, all of both, or is refused', async () => {
    for (const other of [file, fixture('speech.wav'), fixture('stereo.mp3'), fixture('speech.opus')]) {
      const got = await outcome(join(file, other));
      const length = expectBeginning(got, whole, slack);
      const last = name === 'FLAC' ? 4096 : slack; // a frame's end is found by the next one
      if (typeof got !== 'string') expect(length).toBeGreaterThanOrEqual(whole.channels[0]!.length - last);
      else expect(got).toMatch(/as of files that were joined|Ogg/);
    }
  });

  it.skipIf(broken.mislabelled.length === 0)('of another codec than is decoded is named by it', async () => {
    for (const [bytes, says] of broken.mislabelled) expect(await outcome(bytes)).toMatch(says);
  });

  it('named as another format is decoded as what it is', async () => {
    const named = new File([file as Uint8Array<ArrayBuffer>], name === 'MP3' ? 'speech.wav' : 'speech.mp3', {
      type: 'audio/x',
    });
    expect(await decodedSound(named)).toEqual(whole);
  });

  it('with tags around it has the same sound', async () => {
    const id3 = join(letters('ID3\x03\0\0\0\0\0\x0a'), new Uint8Array(10));
    const ape = join(letters('APETAGEX\xd0\x07\0\0\x33\0\0\0\x01\0\0\0\0\0\0\xa0'), new Uint8Array(8));
    const item = join([5, 0, 0, 0, 0, 0, 0, 0], letters('Title\0Voice'));
    for (const tags of [id3, join(id3, new Uint8Array(99)), join(ape, item), join(id3, ape, item, id3)]) {
      expect(await decodedSound(join(tags, file))).toEqual(whole);
    }
    const got = await decodedSound(join(file, letters('TAG'.padEnd(128))));
    expect(expectBeginning(got, whole, slack)).toBeGreaterThanOrEqual(whole.channels[0]!.length);
  });

  it('whose header lies takes no memory for it', async () => {
    const most = await mostMemory(async () => {
      for (const bytes of broken.lying) expectSound(await outcome(bytes), bytes.length);
    });
    expect(most).toBeLessThan(200 * MEBIBYTE);
  });

  it.each(['that goes on for ever', 'that unpacks to much'])(
    '%s is bounded by maxSeconds, and let go',
    async (kind) => {
      const [head, rest] = broken.endless;
      const body = kind === 'that unpacks to much' ? (broken.bomb ?? rest) : rest;
      let taken = 0;
      let isLeft = false;
      async function* bytes() {
        try {
          for (let part = head; taken < 64 * MEBIBYTE; part = body) {
            taken += part.length;
            yield part;
          }
        } finally {
          isLeft = true;
        }
      }
      const most = await mostMemory(async () => {
        await expect(toWaveform(bytes(), { maxSeconds: 20 })).rejects.toThrow('found over 20 seconds of sound in');
      });
      expect(isLeft).toBe(true);
      expect(taken).toBeLessThan(2 * MEBIBYTE); // 20 s of 16-bit samples are 0.6
      expect(most).toBeLessThan(200 * MEBIBYTE);
    },
  );

  it('as a beginning of another file is refused, or gives the sound there is', async () => {
    const beginning = file.subarray(0, 12);
    for (const other of ['speech.wav', 'speech.flac', 'speech.mp3', 'speech.ogg', 'speech.webm', 'speech.m4a']) {
      const bytes = join(beginning, fixture(other));
      expectSound(await outcome(bytes), bytes.length);
    }
  });
});

describe('no sound', () => {
  it('of no bytes is said to be that', async () => {
    expect(await outcome(new Uint8Array(0))).toContain('found no bytes at all');
    for (const length of [1, 100, 10_000])
      expect(await outcome(new Uint8Array(length))).toMatch(/found \d+ bytes of an unknown/);
  });

  it.each(OTHER_FILES)('%j is named', async (beginning, found) => {
    const bytes = join(letters(beginning), new Uint8Array(300).fill(32));
    expect(await outcome(bytes)).toContain(`Cannot decode audio: found ${found}`);
    expect(await outcome(join(letters('ID3\x03\0\0\0\0\0\x01a'), bytes))).toMatch(
      /behind a tag|a tag .* that no sound/,
    );
  });

  it.each([
    ['zeros', () => 0],
    ['noise', (i: number) => (i * 2_654_435_761) >>> 24],
    ['beginnings of MP4', (i: number) => '\0\0\0\x20ftypM4A '.charCodeAt(i % 12)],
  ])('that goes on for ever is refused in the end: %s', async (_, byteAt) => {
    const piece = Uint8Array.from({ length: 120_000 }, (_, i) => byteAt(i));
    let taken = 0;
    async function* bytes() {
      for (; ; taken += piece.length) yield piece;
    }
    await expect(toWaveform(bytes())).rejects.toThrow('Cannot decode audio: found');
    expect(taken).toBeLessThan(20 * MEBIBYTE);
  });
});
