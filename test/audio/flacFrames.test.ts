// Oracles: the frames that a file was made of; the samples that it was made of; the decoder, given a file in one go.

import { readFileSync } from 'node:fs';
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { flacFrames, inLists } from '../../src/audio/formats/flacFrames.ts';
import { ByteReader } from '../../src/core/byteReader.ts';
import { collect } from '../support/collect.ts';
import { constantFlac } from '../support/flac.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url)));

/** A file that `npm run faults` forged: a frame of it has right checksums but nothing in it, so the decoder frees one thing twice. */
const FREED_TWICE =
  'ZkxhQ4AAACIAEAAQAAAAAAAAA+gA8AAAAAAAAAAAAAAAAAAAAAAAAAAA//h1CAD//9MCALwBkQCS/vv+/gAEAPIAgAH3A0MC' +
  'ogCvAjkAlQJ/A/erM//4dUgBAA8ql8YkEiodavCj0P69qeI3keWODvmiVsnAoJRd6YFijucM4rjkbaA2RMJX//h1CAIADwwA' +
  'ALYepw==';

const listsOf = (bytes: Uint8Array) => collect(inLists(flacFrames(new ByteReader(bytes))));
const framesOf = async (bytes: Uint8Array) => (await listsOf(bytes)).flat();

beforeAll(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // the decoder tells of each damaged frame
});

describe('flacFrames', () => {
  it.each([1, 2, 8])('are all there is, however short, in lists of few samples (%i channels)', async (channels) => {
    const bytes = constantFlac({ frames: 60, channels });
    const lists = await listsOf(bytes);
    const one = 9 + 1 + 3 * channels + 2 - 2; // header with its checksum, a subframe a channel, checksum
    expect(lists.flat().map(({ length }) => length)).toEqual(new Array(60).fill(one));
    expect(Buffer.concat(lists.flat())).toEqual(Buffer.from(bytes.subarray(42)));
    for (const list of lists) expect(list.length).toBeLessThanOrEqual(1); // one has 65535 samples a channel
  });

  it.each(['speech.flac', 'stereo.flac'])('of %s decode as the file does in one go', async (name) => {
    const bytes = fixture(name);
    const decoders = [new FLACDecoder(), new FLACDecoder()] as const;
    await Promise.all(decoders.map(({ ready }) => ready));
    const { channelData } = await decoders[0].decodeFrames(await framesOf(bytes));
    expect(channelData).toEqual((await decoders[1].decodeFile(bytes)).channelData);
  });

  it('lose no samples at the end, as of silence, which takes less than 13 bytes a frame', async () => {
    for (const frames of [1, 2, 3, 20]) {
      const { samples } = await decodeAudio(constantFlac({ frames, blockSize: 192, value: 0 }));
      expect(samples).toHaveLength(192 * frames);
    }
  });

  it('lose nothing but a frame that is damaged', async () => {
    const bytes = fixture('speech.flac');
    const whole = (await decodeAudio(bytes)).samples;
    const frames = await framesOf(bytes);
    expect(frames.length).toBeGreaterThan(2);
    for (const [i, frame] of frames.entries()) {
      const damaged = bytes.slice();
      damaged[frame.byteOffset - bytes.byteOffset + 20]! ^= 1;
      const { samples } = await decodeAudio(damaged);
      const from = 4096 * i;
      const rest = [...whole.subarray(0, from), ...whole.subarray(from + 4096)];
      expect(Buffer.compare(Buffer.from(samples.buffer), Buffer.from(Float32Array.from(rest).buffer))).toBe(0);
    }
  });

  it('are looked for in proportion to the bytes, in a file of nothing but beginnings of frames', async () => {
    const [frame] = await framesOf(constantFlac({ frames: 1 }));
    const header = frame!.subarray(0, 8);
    const reads = async (headers: number) => {
      let count = 0;
      const bytes = new Uint8Array(headers * header.length);
      for (let i = 0; i < headers; i++) bytes.set(header, i * header.length);
      const counting = (array: Uint8Array): Uint8Array =>
        new Proxy(array, {
          get(target, key) {
            if (typeof key === 'string' && key.charCodeAt(0) < 58) count++; // an index
            if (key === 'subarray') return (from: number, to: number) => counting(target.subarray(from, to));
            const value = Reflect.get(target, key, target) as unknown;
            return typeof value === 'function' ? value.bind(target) : value;
          },
        });
      expect(await framesOf(counting(bytes))).toEqual([]);
      expect(count).toBeGreaterThan(bytes.length);
      return count;
    };
    expect((await reads(4000)) / (await reads(1000))).toBeLessThan(4.1);
  });

  it('that make the decoder free memory twice, upset no file after theirs (oracle: the file by itself)', async () => {
    const fixture = new URL('../fixtures/audio/stereo.flac', import.meta.url);
    const decoded = async () => Buffer.from((await decodeAudio(readFileSync(fixture))).samples.buffer);
    const alone = await decoded();
    for (let i = 0; i < 3; i++) {
      await decodeAudio(Buffer.from(FREED_TWICE, 'base64'));
      expect((await decoded()).compare(alone)).toBe(0);
    }
  });
});
