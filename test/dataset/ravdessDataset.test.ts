import { beforeAll, describe, expect, it } from 'vitest';
import { DatasetError } from '../../src/core/errors.ts';
import { RandomStream } from '../../src/core/random.ts';
import { EMOTIONS } from '../../src/dataset/emotion.ts';
import { RavdessDataset, type RavdessRecording } from '../../src/dataset/ravdessDataset.ts';
import { RAVDESS_FOLDS } from '../../src/dataset/ravdessFolds.ts';
import { fakeRavdess, memorySource, ravdessNames, zipOf } from '../support/fakeRavdess.ts';

const names = (recordings: Iterable<RavdessRecording>) => [...recordings].map(({ name }) => name);
const count = (dataset: RavdessDataset, condition: (recording: RavdessRecording) => boolean) =>
  dataset.filter(condition).size;
const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it must reject'),
    (error) => error,
  );

let speech: RavdessDataset;
let song: RavdessDataset;
beforeAll(async () => {
  speech = await RavdessDataset.from(fakeRavdess('speech'));
  song = await RavdessDataset.from(fakeRavdess('song'));
});

describe('RavdessDataset.from', () => {
  it('has the numbers of the published corpus', () => {
    // Livingstone & Russo (2018), table 1: 1440 speech and 1012 song recordings of sound only.
    expect(speech.size).toBe(1440);
    expect(song.size).toBe(1012);
    expect(speech.actors).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
    expect(song.actors).toEqual(speech.actors.filter((actor) => actor !== 18));
    for (const emotion of EMOTIONS) {
      expect(count(speech, ({ label }) => label === emotion)).toBe(emotion === 'neutral' ? 96 : 192);
    }
    for (const actor of speech.actors) expect(count(speech, ({ metadata }) => metadata.actor === actor)).toBe(60);
    expect(speech.labels).toEqual(EMOTIONS);
    expect(song.labels).toEqual(EMOTIONS);
    expect(speech.skipped).toEqual([]);
  });

  it('describes each clip by its name', () => {
    const [clip] = speech.filter(({ name }) => name.endsWith('03-01-05-02-01-02-06.wav'));
    expect(clip).toMatchObject({
      label: 'angry',
      speaker: '06',
      groups: { actor: '06', sex: 'female', intensity: 'strong' },
      metadata: { repetition: 2, statement: 1, text: 'Kids are talking by the door' },
    });
    expect(Object.keys(clip!.groups)).toEqual(['actor', 'sex', 'intensity']);
  });

  it('reads nothing until asked', async () => {
    let reads = 0;
    const sources = ravdessNames().map((name) => ({ name, bytes: async () => new Uint8Array(++reads) }));
    const dataset = await RavdessDataset.from(sources);
    dataset.folds('actors5');
    dataset.filter({ sex: 'male' });
    expect(reads).toBe(0);
    await [...dataset][0]!.bytes();
    expect(reads).toBe(1);
  });

  it('gives the same order however the files are ordered', async () => {
    const shuffled = await RavdessDataset.from(new RandomStream(1).shuffle(fakeRavdess()));
    expect(names(shuffled)).toEqual(names(speech));
    expect(shuffled.folds({ folds: 10, seed: 1 })[3]!.test.filter(() => true).size).toBe(144);
    expect(names(shuffled.folds({ folds: 10, seed: 1 })[3]!.test)).toEqual(
      names(speech.folds({ folds: 10, seed: 1 })[3]!.test),
    );
  });

  it('reads archives, with more folders around and with what macOS adds', async () => {
    const inner = fakeRavdess('speech', [1]).map(({ name, bytes }) => ({ name: `a/b/${name}`, bytes }));
    const archive = await zipOf([memorySource('a/'), ...inner, memorySource('__MACOSX/a/._03-01-01-01-01-01-01.wav')]);
    const other = new File([await zipOf(fakeRavdess('song', [1]))], 'song.zip');
    const dataset = await RavdessDataset.from([archive, other]);
    expect(dataset.size).toBe(60 + 44);
    const [clip] = dataset.filter({ channel: 'song' });
    expect(clip!.name).toMatch(/^song\.zip\/Actor_01\//);
    expect((await clip!.waveform()).samples).toHaveLength(160);
    expect((await RavdessDataset.from(archive)).size).toBe(60);
  });

  it.each([
    ['a foreign recording', ['Actor_01/interview.wav'], /seven two-digit numbers/],
    ['a broken rule', ['Actor_01/03-01-01-02-01-01-01.wav'], /intensity of neutral/],
    ['video', ['Actor_01/01-01-02-01-01-01-01.mp4'], /modality must be audio \(03\), got audio-video/],
    ['a clip in two folders', ['copy/Actor_01/03-01-02-01-01-01-01.wav'], /same recording as 'Actor_01\/03-01-02/],
    ['a clip in two formats', ['Actor_01/03-01-02-01-01-01-01.flac'], /same recording as/],
  ])('stops at %s, or skips and reports it', async (_, extra, rule) => {
    const sources = [...fakeRavdess('speech', [1]), ...extra.map((name) => memorySource(name))];
    const error = await rejection(RavdessDataset.from(sources));
    expect(error).toBeInstanceOf(DatasetError);
    expect(error.message).toMatch(rule);
    expect(error.message).toContain(`'${extra[0]}'`);
    expect(error.message).toContain("onInvalid: 'skip'");
    expect(error.file).toBe(extra[0]);
    const dataset = await RavdessDataset.from(sources, { onInvalid: 'skip' });
    expect(dataset.size).toBe(60);
    expect(dataset.skipped).toEqual([{ name: extra[0], reason: expect.stringMatching(rule) }]);
  });

  it('reports documents that lie beside the clips without stopping at them', async () => {
    const dataset = await RavdessDataset.from([memorySource('README.md'), ...fakeRavdess('speech', [1])]);
    expect(dataset.size).toBe(60);
    expect(dataset.skipped).toEqual([{ name: 'README.md', reason: 'it is no sound file, by its name' }]);
  });

  it('refuses to be empty, and options that it does not know', async () => {
    expect(await rejection(RavdessDataset.from([]))).toBeInstanceOf(DatasetError);
    const error = await rejection(RavdessDataset.from([memorySource('a.wav')], { onInvalid: 'skip' }));
    expect(error).toBeInstanceOf(DatasetError);
    expect(error.message).toContain('files left out: 1');
    expect(error.message).toContain('a.wav');
    expect(await rejection(RavdessDataset.from([], { onInvalid: 'warn' as 'skip' }))).toBeInstanceOf(RangeError);
  });
});

describe('filter', () => {
  it('keeps what meets all criteria (counted out from the design of the corpus)', () => {
    expect(speech.filter({}).size).toBe(1440);
    expect(speech.filter({ sex: 'female' }).size).toBe(720);
    expect(speech.filter({ intensity: 'strong' }).size).toBe(24 * 7 * 4);
    expect(speech.filter({ statements: [2] }).size).toBe(720);
    expect(speech.filter({ emotions: ['neutral', 'happy'], actors: [1, 2] }).size).toBe(2 * (4 + 8));
    expect(speech.filter({ emotions: ['happy'], actors: [1], intensity: 'strong', statements: [1] }).size).toBe(2);
    expect(speech.filter({ channel: 'song' }).size).toBe(0);
    expect(song.filter({ channel: 'song' }).size).toBe(1012);
    expect(speech.filter(({ metadata }) => metadata.repetition === 2).size).toBe(720);
  });

  it('gives a RavdessDataset with the same labels', () => {
    const part = speech.filter({ emotions: ['happy'] });
    expect(part).toBeInstanceOf(RavdessDataset);
    expect(part.labels).toEqual(EMOTIONS);
    expect(part.filter({ sex: 'male' }).size).toBe(96);
  });

  it('refuses what RAVDESS does not have', () => {
    expect(() => speech.filter({ actors: [25] })).toThrow(/actor must be one of 1, .*, 24, got 25/);
    expect(() => speech.filter({ emotions: ['bored' as 'sad'] })).toThrow(RangeError);
    expect(() => speech.filter({ sex: 'other' as 'male' })).toThrow(RangeError);
    expect(() => speech.filter({ emotion: ['sad'] } as object)).toThrow("there is no option named 'emotion'");
  });
});

describe('splitByActor', () => {
  it('keeps the given actors for testing', () => {
    const { train, test } = speech.splitByActor([1, 2, 24]);
    expect(test.actors).toEqual([1, 2, 24]);
    expect([train.size, test.size]).toEqual([21 * 60, 3 * 60]);
    expect(train).toBeInstanceOf(RavdessDataset);
    expect(train.actors).not.toContain(24);
  });

  it('draws actors, half of them of either sex', () => {
    for (let seed = 0; seed < 10; seed++) {
      const { train, test } = speech.splitByActor({ actors: 4, seed });
      expect(test.actors.filter((actor) => actor % 2 === 0)).toHaveLength(2);
      expect(test.size).toBe(240);
      expect(train.size).toBe(1200);
    }
    expect(speech.splitByActor({ actors: 4, seed: 1 }).test.actors).not.toEqual(
      speech.splitByActor({ actors: 4, seed: 2 }).test.actors,
    );
  });

  it('refuses actors without clips, and empty parts', () => {
    expect(() => song.splitByActor([18])).toThrow(/got 18/);
    expect(() => speech.splitByActor([25])).toThrow(RangeError);
    expect(() => speech.splitByActor([])).toThrow(RangeError);
    expect(() => speech.splitByActor(speech.actors)).toThrow(RangeError);
    expect(() => speech.splitByActor({ actors: 24 })).toThrow(RangeError);
    expect(() => speech.splitByActor({ actors: 0 })).toThrow(RangeError);
  });
});

describe('folds', () => {
  it.each(['actors5', 'actors6'] as const)(
    'tests every clip once, on actors that were not trained on: %s',
    (protocol) => {
      const folds = speech.folds(protocol);
      expect(folds.map(({ name }) => name)).toEqual(RAVDESS_FOLDS[protocol].map((_, i) => `${protocol}/${i}`));
      expect(folds.flatMap(({ test }) => names(test)).sort()).toEqual(names(speech).sort());
      for (const [i, { train, test }] of folds.entries()) {
        expect(test.actors).toEqual([...RAVDESS_FOLDS[protocol][i]!].sort((a, b) => a - b));
        expect(train.actors.filter((actor) => test.actors.includes(actor))).toEqual([]);
        expect(train.size + test.size).toBe(1440);
      }
    },
  );

  it('does without actor 18 in song', () => {
    const folds = song.folds('actors5');
    expect(folds[1]!.test.actors).toEqual([3, 6, 7, 13]);
    expect(folds.reduce((sum, { test }) => sum + test.size, 0)).toBe(1012);
  });

  it('cuts random folds that are stratified by emotion: 144 clips, 9 or 10 neutral and 19 or 20 of each other', () => {
    const folds = speech.folds({ folds: 10, seed: 42 });
    expect(folds.flatMap(({ test }) => names(test)).sort()).toEqual(names(speech).sort());
    for (const { test } of folds) {
      expect(test.size).toBe(144);
      for (const emotion of EMOTIONS) {
        const size = test.filter({ emotions: [emotion] }).size;
        expect(emotion === 'neutral' ? [9, 10] : [19, 20]).toContain(size);
      }
    }
  });

  it('refuses protocols that it does not know, and folds that would test nothing', () => {
    expect(() => speech.folds('actors7' as 'actors6')).toThrow(/actors5 or actors6, got "actors7"/);
    expect(() => speech.filter({ actors: [1, 2, 3] }).folds('actors5')).toThrow(RangeError);
  });
});

describe('dropUnreadable', () => {
  it('leaves out the clips that cannot be decoded and reports them after those that were skipped', async () => {
    const sources = fakeRavdess('speech', [1, 2]);
    sources[7] = memorySource(sources[7]!.name, new Uint8Array(64));
    sources[70] = { name: sources[70]!.name, bytes: () => Promise.reject(new Error('gone')) };
    const dataset = await RavdessDataset.from([memorySource('notes.txt'), ...sources]);
    const progress: number[] = [];
    const sound = await dataset.dropUnreadable({
      onProgress: ({ type, done, total }) => progress.push(type === 'read' && total === 120 ? done : -1),
    });
    expect(sound).toBeInstanceOf(RavdessDataset);
    expect(sound.size).toBe(118);
    expect(sound.skipped.map(({ name }) => name)).toEqual(['notes.txt', sources[7]!.name, sources[70]!.name]);
    expect(sound.skipped[2]!.reason).toContain('gone');
    expect(progress).toEqual(Array.from({ length: 120 }, (_, i) => i + 1));
    expect(dataset.size).toBe(120);
    expect(dataset.skipped).toHaveLength(1);
  });

  it('stops on a signal, and refuses to leave nothing', async () => {
    const reason = new Error('enough');
    expect(await rejection(speech.dropUnreadable({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    const broken = await RavdessDataset.from([memorySource('03-01-01-01-01-01-01.wav', new Uint8Array(9))]);
    expect(await rejection(broken.dropUnreadable())).toBeInstanceOf(DatasetError);
  });
});

describe('new RavdessDataset', () => {
  it('joins datasets, with the eight emotions as labels', () => {
    const both = new RavdessDataset([...speech, ...song]);
    expect(both.size).toBe(1440 + 1012);
    expect(both.labels).toEqual(EMOTIONS);
    expect(() => new RavdessDataset([...speech, ...speech])).toThrow(RangeError);
  });
});
