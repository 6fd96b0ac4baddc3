import { describe, expect, it } from 'vitest';
import { LabelledDataset } from '../../src/dataset/labelledDataset.ts';
import { mergeDatasets } from '../../src/dataset/mergeDatasets.ts';
import { openCorpus } from '../../src/dataset/openCorpus.ts';
import { RavdessDataset } from '../../src/dataset/ravdessDataset.ts';
import { corpusSources } from '../support/corpusNames.ts';
import { fakeRavdess, memorySource, tinyWav } from '../support/fakeRavdess.ts';

const mine = (corpus?: string) =>
  LabelledDataset.from(
    ['rec/bored/anna1.wav', 'rec/happy/ben2.wav'].map((name) => memorySource(name)),
    {
      corpus,
      speaker: (name) => name.split('/').at(-1)!.slice(0, -5),
    },
  );

describe('mergeDatasets', () => {
  it('keeps corpus, labels asked for, speaker, sex and language of each clip', async () => {
    const [tess, own] = [await openCorpus('tess', corpusSources('tess')), await mine('office')];
    const ravdess = await RavdessDataset.from(fakeRavdess('speech', [2]));
    const merged = mergeDatasets([tess, own, ravdess]);
    expect(merged.size).toBe(tess.size + own.size + ravdess.size);
    expect(merged.corpora).toEqual(['RAVDESS', 'TESS', 'office']);
    expect(merged.labels).toEqual([
      ...['neutral', 'calm', 'happy', 'sad', 'angry', 'fearful', 'disgust', 'surprised'], // as in models
      'bored',
    ]);
    expect(merged.speakers).toEqual(['RAVDESS 02', 'TESS OAF', 'TESS YAF', 'office anna', 'office ben']);
    const all = [...merged];
    expect(all.find(({ corpus }) => corpus === 'office')).toMatchObject({
      label: 'bored',
      asked: ['bored', 'happy'],
      groups: { corpus: 'office' },
    });
    expect(all.find(({ corpus }) => corpus === 'TESS')).toMatchObject({
      asked: tess.labels,
      groups: { corpus: 'TESS', sex: 'female', language: 'en' },
    });
    expect(all.at(-1)).toMatchObject({
      asked: ravdess.labels,
      groups: { actor: '02', sex: 'female', corpus: 'RAVDESS' },
    });
    expect(await all[0]!.bytes()).toEqual(tinyWav());
    expect((await all[0]!.waveform({ channel: 0 })).samples).toHaveLength(160);
    expect(merged.skipped).toEqual(tess.skipped);
  });

  it('merges what was merged as if it were merged at once (property)', async () => {
    const ravdess = await RavdessDataset.from(fakeRavdess('speech', [2]));
    const [tess, own] = [await openCorpus('tess', corpusSources('tess')), await mine('office')];
    const facts = (dataset: LabelledDataset) =>
      Array.from(dataset, ({ name, label, speaker, corpus, asked, groups }) => ({
        name,
        label,
        speaker,
        corpus,
        asked,
        groups,
      }));
    const atOnce = mergeDatasets([ravdess, tess, own]);
    expect(facts(mergeDatasets([ravdess, mergeDatasets([tess, own])]))).toEqual(facts(atOnce));
    expect(facts(mergeDatasets([mergeDatasets([ravdess, tess]), own]))).toEqual(facts(atOnce));
  });

  it('takes one dataset without the name of its corpus, whose speakers keep their names', async () => {
    const merged = mergeDatasets([await openCorpus('emovo', corpusSources('emovo')), await mine()]);
    expect(merged.speakers).toEqual(['EMOVO f1', 'EMOVO m2', 'EMOVO m3', 'anna', 'ben']);
    expect(() => merged.leaveOneCorpusOut()).toThrow('the corpus of every recording must be known, got one without');
    const others = await LabelledDataset.from([memorySource('b/sad/c.wav')]);
    expect(() => mergeDatasets([merged, others])).toThrow('at most one may lack the name of its corpus');
  });

  it('refuses what is no dataset, nothing, and two recordings of one name', async () => {
    expect(() => mergeDatasets([])).toThrow(RangeError);
    expect(() => mergeDatasets([[]] as never)).toThrow(TypeError);
    expect(() => mergeDatasets(undefined as never)).toThrow(TypeError);
    const [a, b] = [await mine('a'), await mine('b')];
    expect(() => mergeDatasets([a, b])).toThrow("names must be unique, got 'rec/bored/anna1.wav' twice");
    await expect(mine(3 as never)).rejects.toThrow('corpus must be text, got 3');
  });
});

describe('splits by corpus', () => {
  it('test some corpora and train on all others; each once when one is left out', async () => {
    const names = ['tess', 'emovo', 'cafe'] as const;
    const all = mergeDatasets(await Promise.all(names.map((name) => openCorpus(name, corpusSources(name)))));
    const { train, test } = all.splitByCorpus(['CaFE', 'TESS']);
    expect([train.corpora, test.corpora]).toEqual([['EMOVO'], ['CaFE', 'TESS']]);
    const folds = all.leaveOneCorpusOut();
    expect(folds.map(({ name, test }) => [name, ...test.corpora])).toEqual([
      ['loco/CaFE', 'CaFE'],
      ['loco/EMOVO', 'EMOVO'],
      ['loco/TESS', 'TESS'],
    ]);
    for (const fold of folds) {
      expect(fold.train.size + fold.test.size).toBe(all.size);
      expect(fold.train.labels).toEqual(all.labels);
      expect(fold.train.corpora).not.toContain(fold.test.corpora[0]);
    }
    expect(() => all.splitByCorpus(['SAVEE'])).toThrow('test corpora must be among CaFE, EMOVO, TESS, got SAVEE');
    expect(() => all.splitByCorpus([])).toThrow('some but not all of CaFE, EMOVO, TESS, got none');
    expect(() => all.splitByCorpus(['CaFE', 'EMOVO', 'TESS'])).toThrow('got all');
    expect(() => test.splitByCorpus(['CaFE']).test.leaveOneCorpusOut()).toThrow(RangeError);
  });
});
