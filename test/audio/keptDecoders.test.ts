// Oracle: a decoder of the package that is new.

import { readFileSync } from 'node:fs';
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { MPEGDecoder } from 'mpg123-decoder';
import { OpusDecoder } from 'opus-decoder';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { keepDecoder, makeKeepable, takeKept } from '../../src/audio/formats/keptDecoders.ts';
import { RandomStream } from '../../src/core/random.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url)));

interface Inside {
  readonly _common: { readonly wasm: { readonly HEAP: ArrayBuffer } };
}
type Decoder = { readonly ready: Promise<void> };

const DECODERS: Readonly<Record<string, () => Decoder>> = {
  'mpg123-decoder': () => new MPEGDecoder(),
  '@wasm-audio-decoders/flac': () => new FLACDecoder(),
  '@wasm-audio-decoders/ogg-vorbis': () => new OggVorbisDecoder(),
  'opus-decoder': () => new OpusDecoder({ channels: 2 }),
};

/** What has the state: the decoder, or one inside. */
const insideOf = (decoder: unknown) => {
  const { _decoder } = decoder as { _decoder: unknown };
  return (typeof _decoder === 'object' ? _decoder : decoder) as Inside;
};
const memoryOf = (decoder: unknown) => Buffer.from(insideOf(decoder)._common.wasm.HEAP);
/** Numbers and switches that JavaScript keeps. */
const stateOf = (decoder: unknown) =>
  [decoder, insideOf(decoder)].map((object) =>
    Object.entries(object as object).filter(([, value]) => ['number', 'boolean', 'string'].includes(typeof value)),
  );

describe('a decoder that was kept', () => {
  it.each(Object.entries(DECODERS))('of %s has the memory of a new one, whatever happened to it', async (_, make) => {
    const [decoder, fresh] = [make(), make()];
    await Promise.all([decoder.ready, fresh.ready]);
    const state = stateOf(fresh);
    makeKeepable('a kind', decoder);
    const random = new RandomStream(1);
    const memory = memoryOf(decoder);
    for (let i = 0; i < 10_000; i++) memory[Math.floor(random.uniform(0, memory.length))] = random.uniform(1, 256);
    memory[memory.length - 1] = 1;
    for (const object of [decoder, insideOf(decoder)] as Record<string, unknown>[]) {
      for (const [key, value] of Object.entries(object)) {
        if (typeof value === 'number') object[key] = value + 1;
        if (typeof value === 'boolean') object[key] = !value;
      }
    }
    expect(stateOf(decoder)).not.toEqual(state);
    keepDecoder(decoder);
    expect(takeKept('another kind')).toBeUndefined();
    expect(takeKept('a kind')).toBe(decoder);
    expect(takeKept('a kind')).toBeUndefined(); // it is in use
    expect(memoryOf(decoder).compare(memoryOf(fresh))).toBe(0);
    expect(stateOf(decoder)).toEqual(state);
  });

  it('is one of the three that were used last', async () => {
    const made = [1, 2, 3, 4].map(() => new FLACDecoder());
    for (const [i, decoder] of made.entries()) {
      await decoder.ready;
      makeKeepable(`kind ${i}`, decoder);
    }
    for (const decoder of made) keepDecoder(decoder);
    expect(made.map((_, i) => takeKept(`kind ${i}`))).toEqual([undefined, ...made.slice(1)]);
  });

  it('is none that is other than known inside', () => {
    for (const decoder of [{}, { _decoder: {} }, { _common: { wasm: { HEAP: 7 } } }]) {
      makeKeepable('odd', decoder);
      keepDecoder(decoder);
      expect(takeKept('odd')).toBeUndefined();
    }
  });

  it('serves one file at a time: what is decoded at once is what it is by itself', async () => {
    const names = ['speech.mp3', 'stereo.mp3', 'speech.flac', 'stereo.flac', 'speech.ogg', 'stereo.ogg', 'speech.opus'];
    const decoded = async (name: string) => Buffer.from((await decodeAudio(fixture(name))).samples.buffer);
    const alone: Buffer[] = [];
    for (const name of names) alone.push(await decoded(name));
    for (let round = 0; round < 3; round++) {
      const together = await Promise.all(names.map(decoded));
      for (const [i, samples] of together.entries()) expect(samples.compare(alone[i]!), names[i]).toBe(0);
    }
  });
});
