// Oracle: files of two channels, each a recording of its own as well.

import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/dataset/byteSource.ts';
import { LabelledDataset } from '../../src/dataset/labelledDataset.ts';
import { openCorpus } from '../../src/dataset/openCorpus.ts';
import { RavdessDataset } from '../../src/dataset/ravdessDataset.ts';
import { prepareExamples } from '../../src/exampleSet/examples.ts';
import { memorySource, ravdessNames } from '../support/fakeRavdess.ts';
import { encodeWav } from '../support/wav.ts';

const RATE = 16_000;
const tone = (hertz: number) =>
  Float32Array.from({ length: RATE / 2 }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / RATE));
const [left, right] = [tone(300), tone(900)];

const NAME = ravdessNames()[0]!;
const stereo = memorySource(NAME, encodeWav([left, right], RATE));
const mono = [left, right].map((samples) => memorySource(NAME, encodeWav(samples, RATE)));

describe('the option channel of datasets', () => {
  it.each([
    ['LabelledDataset.from', (source: ByteSource, channel?: number) => LabelledDataset.from([source], { channel })],
    ['openCorpus', (source: ByteSource, channel?: number) => openCorpus('ravdess', [source], { channel })],
    ['RavdessDataset.from', (source: ByteSource, channel?: number) => RavdessDataset.from([source], { channel })],
  ])('%s: training hears that channel, in the same features', async (_, open) => {
    for (const channel of [0, 1]) {
      const chosen = await prepareExamples(await open(stereo, channel));
      expect(chosen).toEqual(await prepareExamples(await open(mono[channel]!)));
    }
    const [mixed] = await open(stereo);
    expect(mixed!.channel).toBeUndefined();
  });

  it('refuses what names no channel', async () => {
    for (const channel of [-1, 1.5]) {
      await expect(LabelledDataset.from([stereo], { channel })).rejects.toThrow(RangeError);
    }
    await expect(openCorpus('ravdess', [stereo], { channel: 'left' as never })).rejects.toThrow(
      "Cannot open a corpus: channel must be 'mix' or the number of a channel, from 0 on, got",
    );
  });

  it('reports files that lack the channel, where they are read', async () => {
    const both = [stereo, memorySource(ravdessNames()[1]!, encodeWav(left, RATE))];
    const dataset = await RavdessDataset.from(both, { channel: 1 });
    const { size, skipped } = await dataset.dropUnreadable();
    expect(size).toBe(1);
    expect(skipped).toMatchObject([{ reason: expect.stringContaining('channel must be below 1') }]);
  });
});
