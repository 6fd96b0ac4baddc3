import { describe, expect, it } from 'vitest';
import { DatasetError } from '../../src/core/errors.ts';
import type { Corpus } from '../../src/dataset/corpora/corpus.ts';
import { CORPORA } from '../../src/dataset/corpora.ts';
import { EMOTIONS } from '../../src/dataset/emotion.ts';
import type { LabelledDataset } from '../../src/dataset/labelledDataset.ts';
import { openCorpus } from '../../src/dataset/openCorpus.ts';
import { RavdessDataset } from '../../src/dataset/ravdessDataset.ts';
import { openSources } from '../../src/node/sources.ts';
import { fakeRavdess, memorySource, tinyWav, zipOf } from '../support/fakeRavdess.ts';
import { ravdessZip, withRavdess } from '../support/ravdess.ts';

const about = (dataset: LabelledDataset) =>
  [...dataset].map(({ name, label, speaker, groups }) => ({ name, label, speaker, groups }));

describe('openCorpus', () => {
  it('opens RAVDESS by its name (oracle: RavdessDataset)', async () => {
    const files = [...fakeRavdess('speech', [7, 3]), memorySource('licence.txt'), ...fakeRavdess('song', [3])];
    const archive = await zipOf(files);
    const [found, wanted] = [await openCorpus('ravdess', archive), await RavdessDataset.from(archive)];
    expect(found.size).toBe(164);
    expect(about(found)).toMatchObject(about(wanted));
    expect(new Set(Array.from(found, ({ groups }) => `${groups.language} ${groups.vocalChannel}`))).toEqual(
      new Set(['en speech', 'en song']),
    );
    expect([found.labels, found.speakers]).toEqual([CORPORA.ravdess.labels, ['03', '07']]);
    expect(found.skipped).toEqual([
      { name: 'archive.zip/licence.txt', reason: 'it is not a recording of RAVDESS, by its name' },
    ]);
    expect((await [...found][0]!.waveform()).samples).toHaveLength(160);
  });

  it('opens a corpus that is described to it: speakers, groups, copies, files that are not of it', async () => {
    const emovo: Corpus = {
      ...{ title: 'EMOVO', licence: 'free', citation: 'Costantini et al. (2014)', languages: ['it'] },
      labels: ['joy', 'sadness'],
      parse(path) {
        const [, emotion, sex, speaker] = /\/(gio|tri)-([fm])(\d)-/.exec(path) ?? [];
        if (!emotion || !sex || !speaker) return undefined;
        const label = emotion === 'gio' ? 'joy' : 'sadness';
        return { label, speaker: sex + speaker, groups: { sex, language: 'it' }, id: path.split('/').at(-1) };
      },
    };
    const paths = [
      'f1/tri-f1-b1.wav',
      'f1/gio-f1-b1.wav',
      'm2/gio-m2-b1.wav',
      'again/gio-f1-b1.wav',
      'm2/pau-m2-b1.wav',
    ];
    const dataset = await openCorpus(
      emovo,
      paths.map((path) => memorySource(`EMOVO/${path}`, tinyWav())),
    );
    expect(about(dataset)).toEqual([
      { name: 'EMOVO/f1/gio-f1-b1.wav', label: 'joy', speaker: 'f1', groups: { sex: 'f', language: 'it' } },
      { name: 'EMOVO/m2/gio-m2-b1.wav', label: 'joy', speaker: 'm2', groups: { sex: 'm', language: 'it' } },
      { name: 'EMOVO/f1/tri-f1-b1.wav', label: 'sadness', speaker: 'f1', groups: { sex: 'f', language: 'it' } },
    ]);
    expect(dataset.skipped.map(({ reason }) => reason)).toEqual([
      "it is a copy of 'EMOVO/f1/gio-f1-b1.wav'",
      'it is not a recording of EMOVO, by its name',
    ]);
  });

  it('refuses what breaks the rules of the corpus, or leaves it out', async () => {
    const files = [...fakeRavdess('speech', [1]), memorySource('Actor_01/09-01-01-01-01-01-01.wav')];
    await expect(openCorpus('ravdess', files)).rejects.toThrow(DatasetError);
    await expect(openCorpus('ravdess', files)).rejects.toThrow('the modality must be 01 to 03, got 09');
    const dataset = await openCorpus('ravdess', files, { onInvalid: 'skip' });
    expect([dataset.size, dataset.skipped.length]).toEqual([60, 1]);
  });

  it('refuses corpora and options that it does not know', async () => {
    await expect(openCorpus('emodb' as never, [])).rejects.toThrow(
      /^Cannot open a corpus: corpus must be one of 'ravdess', 'tess', .*, got "emodb"$/,
    );
    await expect(openCorpus({ title: 'none' } as never, [])).rejects.toThrow('corpus.parse must be a function');
    await expect(openCorpus('ravdess', [], { labels: ['a'] } as never)).rejects.toThrow(TypeError);
  });
});

describe('CORPORA', () => {
  it.each(Object.entries<Corpus>(CORPORA))('%s says what it is', (_, corpus) => {
    for (const text of [corpus.title, corpus.licence, corpus.citation]) expect(text).toMatch(/\w/);
    for (const language of corpus.languages) expect(Intl.getCanonicalLocales(language)).toEqual([language]);
    expect(EMOTIONS.filter((emotion) => corpus.labels.includes(emotion))).toEqual(corpus.labels);
    for (const text of [corpus.speakers, corpus.naming]) expect(text).toMatch(/\w/);
    expect(corpus.parse('readme.txt')).toBeUndefined();
  });

  it('has titles that no two share, since merged datasets go by them', () => {
    const titles = Object.values<Corpus>(CORPORA).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });
});

withRavdess('openCorpus, with the archive as published', () => {
  it('has all 1440 speech clips (oracle: Livingstone & Russo, table 1; RavdessDataset)', async () => {
    const sources = await openSources(ravdessZip!);
    const dataset = await openCorpus('ravdess', sources);
    expect([dataset.size, dataset.speakers.length, dataset.skipped]).toEqual([1440, 24, []]);
    expect([...dataset].filter(({ groups }) => groups.sex === 'female')).toHaveLength(720);
    expect(about(dataset)).toMatchObject(about(await RavdessDataset.from(sources)));
  });
});
