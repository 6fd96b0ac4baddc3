import { describe, expect, it } from 'vitest';
import { DatasetError } from '../../src/core/errors.ts';
import { LabelledDataset } from '../../src/dataset/labelledDataset.ts';
import { memorySource, tinyWav, zipOf } from '../support/fakeRavdess.ts';

/** 3 speakers × 2 labels × 4 takes, in folders. */
const files = ['anna', 'ben', 'cleo'].flatMap((speaker) =>
  ['happy', 'sad'].flatMap((label) => [1, 2, 3, 4].map((take) => memorySource(`rec/${label}/${speaker}_${take}.wav`))),
);
const speaker = (name: string) => name.split('/').at(-1)!.split('_')[0];
const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it must reject'),
    (error) => error,
  );

describe('LabelledDataset.from', () => {
  it('takes labels from folders', async () => {
    const dataset = await LabelledDataset.from(files);
    expect(dataset.size).toBe(24);
    expect(dataset.labels).toEqual(['happy', 'sad']);
    expect(dataset.speakers).toEqual([]);
    const [first] = dataset;
    expect(first).toMatchObject({ name: 'rec/happy/anna_1.wav', label: 'happy', speaker: '', groups: {} });
    expect((await first!.waveform()).sampleRate).toBe(16_000);
  });

  it('takes labels, speakers and groups from callbacks', async () => {
    const dataset = await LabelledDataset.from(files, {
      label: (name) => (name.includes('_4') ? undefined : name.includes('happy') ? 'good' : 'bad'),
      speaker,
      groups: (name) => ({ take: name.at(-5)! }),
    });
    expect(dataset.labels).toEqual(['bad', 'good']);
    expect(dataset.size).toBe(18);
    expect(dataset.skipped).toHaveLength(6);
    expect(dataset.skipped[0]).toEqual({ name: 'rec/happy/anna_4.wav', reason: 'it was given no label' });
    expect(dataset.speakers).toEqual(['anna', 'ben', 'cleo']);
    expect([...dataset][0]!.groups).toEqual({ take: '1' });
  });

  it('keeps the order of labels that it is given, and refuses others', async () => {
    const dataset = await LabelledDataset.from(files, { labels: ['sad', 'angry', 'happy'] });
    expect(dataset.labels).toEqual(['sad', 'angry', 'happy']);
    expect(dataset.filter(({ label }) => label === 'sad').labels).toEqual(['sad', 'angry', 'happy']);
    const error = await rejection(LabelledDataset.from(files, { labels: ['happy'] }));
    expect(error).toBeInstanceOf(DatasetError);
    expect(error.message).toMatch(/^Cannot use 'rec\/sad\/anna_1\.wav': its label must be one of happy, got sad/);
    expect((await LabelledDataset.from(files, { labels: ['happy'], onInvalid: 'skip' })).skipped).toHaveLength(12);
    expect(await rejection(LabelledDataset.from(files, { labels: ['a', 'a'] }))).toBeInstanceOf(RangeError);
  });

  it.each([
    ['alone', memorySource('clip.wav')],
    ['at the top of an archive', memorySource('all.zip/clip.wav')],
    ['in the folder it was opened from', memorySource('./clip.wav')],
    ['given twice, but other', memorySource('rec/happy/anna_1.wav', tinyWav({ hz: 100 }))],
  ])('stops at a file %s, or skips and reports it', async (_, extra) => {
    const error = await rejection(LabelledDataset.from([...files, extra]));
    expect(error).toBeInstanceOf(DatasetError);
    expect(error.file).toBe(extra.name);
    const dataset = await LabelledDataset.from([...files, extra], { onInvalid: 'skip' });
    expect(dataset.size).toBe(24);
    expect(dataset.skipped.map(({ name }) => name)).toEqual([extra.name]);
  });

  it('reads archives and leaves documents aside', async () => {
    const archive = new File([await zipOf([...files, memorySource('rec/notes.txt')])], 'all.zip');
    const dataset = await LabelledDataset.from(archive, { speaker });
    expect(dataset.size).toBe(24);
    expect(dataset.labels).toEqual(['happy', 'sad']);
    expect(dataset.skipped.map(({ name }) => name)).toEqual(['all.zip/rec/notes.txt']);
  });

  it('lets a fault in a callback through', async () => {
    const fault = new TypeError('a fault');
    const label = () => {
      throw fault;
    };
    expect(await rejection(LabelledDataset.from(files, { label, onInvalid: 'skip' }))).toBe(fault);
  });
});

describe('splits of a LabelledDataset', () => {
  it('keeps speakers apart, drawn or named', async () => {
    const dataset = await LabelledDataset.from(files, { speaker });
    const { train, test } = dataset.splitBySpeaker(['ben']);
    expect(test.speakers).toEqual(['ben']);
    expect(train.speakers).toEqual(['anna', 'cleo']);
    expect(dataset.splitBySpeaker({ speakers: 2, seed: 5 }).test.size).toBe(16);
    for (const fold of dataset.folds({ folds: 3, by: 'speaker' })) {
      expect(fold.test.speakers).toHaveLength(1);
      expect(fold.train.size).toBe(16);
      expect(fold.test.labels).toEqual(['happy', 'sad']);
    }
  });

  it('refuses splits by speaker where speakers are not known, and still cuts stratified folds', async () => {
    const dataset = await LabelledDataset.from(files);
    expect(() => dataset.splitBySpeaker(['anna'])).toThrow(RangeError);
    expect(() => dataset.folds({ folds: 2, by: 'speaker' })).toThrow(RangeError);
    for (const { test } of dataset.folds({ folds: 4 })) {
      expect(test.filter(({ label }) => label === 'happy').size).toBe(3);
      expect(test.size).toBe(6);
    }
  });
});

describe('new LabelledDataset', () => {
  it('holds recordings that exist already', async () => {
    const recordings = [...(await LabelledDataset.from(files))];
    const dataset = new LabelledDataset(recordings.slice(0, 3), { labels: ['sad', 'happy'] });
    expect([...dataset]).toEqual(recordings.slice(0, 3));
    expect([...dataset]).toEqual([...dataset]);
    expect(new LabelledDataset([]).size).toBe(0);
    expect(() => new LabelledDataset(recordings, { labels: ['sad'] })).toThrow(/one of sad, got happy/);
    expect(() => new LabelledDataset([...recordings, recordings[0]!])).toThrow(RangeError);
  });
});
