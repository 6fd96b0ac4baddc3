// seed → raw samples in pieces that end anywhere

import { pcm as readPcm } from 'speech-emotion/node';
import { between, pick, randomBytes } from '../chance.ts';
import type { Format } from '../format.ts';

const READERS = {
  s16: { bytes: 2, read: (view: DataView, at: number) => view.getInt16(at, true) / 2 ** 15 },
  s32: { bytes: 4, read: (view: DataView, at: number) => view.getInt32(at, true) / 2 ** 31 },
  f32: { bytes: 4, read: (view: DataView, at: number) => view.getFloat32(at, true) },
} as const;

/** The oracle is the definition: sample by sample, of all bytes together. */
export const pcm: Format = {
  errors: [],
  async open() {
    return (random) => {
      const format = pick(random, ['s16', 's32', 'f32'] as const);
      const channels = between(random, 1, 3);
      const bytes = randomBytes(random, random.integer(120));
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; ) {
        const length = random.integer(20);
        pieces.push(bytes.subarray(at, at + length));
        at += length;
      }
      return {
        input: { format, channels, pieces },
        unrefusable: true,
        async answer() {
          const samples: number[] = [];
          for await (const piece of readPcm(each(pieces), { format, channels })) samples.push(...piece);
          return samples;
        },
        fault(answer) {
          const { bytes: width, read } = READERS[format];
          const view = new DataView(bytes.buffer);
          const wanted = Array.from({ length: Math.floor(bytes.length / width / channels) }, (_, frame) => {
            let sum = 0;
            for (let channel = 0; channel < channels; channel++)
              sum += read(view, (frame * channels + channel) * width);
            return Math.fround(sum / channels);
          });
          const samples = answer as number[];
          const same = (sample: number, i: number) =>
            Object.is(sample, wanted[i]) || Math.abs(sample - wanted[i]!) < 1e-6 * (1 + Math.abs(sample));
          return samples.length === wanted.length && samples.every(same)
            ? undefined
            : 'other samples than were written';
        },
      };
    };
  },
};

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
