import { describe, expect, it } from 'vitest';
import type { Corpus } from '../../src/dataset/corpora/corpus.ts';
import { tableRows } from '../../src/dataset/corpora/table.ts';
import { CORPORA, type CorpusName } from '../../src/dataset/corpora.ts';
import { openCorpus } from '../../src/dataset/openCorpus.ts';
import { CORPUS_TREES, corpusSources } from '../support/corpusNames.ts';
import { memorySource } from '../support/fakeRavdess.ts';

const names = Object.keys(CORPORA) as CorpusName[];

describe('the readers of corpora', () => {
  // Oracle: names as published, and what they mean, written out by hand.
  it.each(names)('%s: labels, speakers, own words, sex, language, and what is left out', async (name) => {
    const { clips, leftOut = {}, labelFiles = {} } = CORPUS_TREES[name];
    const dataset = await openCorpus(name, corpusSources(name));
    const wanted = Object.entries(clips).map(([path, [label, speaker, emotion, sex, language, others]]) => ({
      name: `${name}/${path}`,
      label,
      speaker,
      groups: { emotion, language, ...(sex === '-' ? {} : { sex }), ...others },
      corpus: CORPORA[name].title,
      asked: CORPORA[name].labels,
    }));
    const found = Array.from(dataset, ({ name, label, speaker, groups, corpus, asked }) => ({
      ...{ name, label, speaker, groups, corpus, asked },
    }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(found.sort(byName)).toEqual(wanted.sort(byName));
    const reasons = Object.fromEntries(dataset.skipped.map((skipped) => [skipped.name, skipped.reason]));
    for (const path of Object.keys(labelFiles)) expect(reasons[`${name}/${path}`]).toBe('it is a file of labels');
    for (const [path, reason] of Object.entries(leftOut)) expect(reasons[`${name}/${path}`]).toMatch(reason);
    expect(dataset.skipped).toHaveLength(Object.keys(leftOut).length + Object.keys(labelFiles).length);
  });

  it('know no name of another corpus, so that a folder can be sorted out', () => {
    for (const name of names) {
      for (const path of Object.keys(CORPUS_TREES[name].clips)) {
        const readers = names.filter((other) => {
          const corpus: Corpus = CORPORA[other];
          try {
            return corpus.parse(path) !== undefined;
          } catch {
            return corpus.labelFiles !== undefined;
          }
        });
        expect([path, ...readers]).toEqual([path, name]);
      }
    }
  });

  it.each([
    ['emovo', 'EMOVO/f2/gio-f1-b1.wav', 'its speaker must be that of its folder, f2, got f1'],
    [
      'tess',
      'OAF_back_bored.wav',
      'its emotion must be one of neutral, happy, sad, angry, fear, disgust, ps, got bored',
    ],
    ['iemocap', 'Ses01F_impro01_F099.wav', 'its emotion must be in a file of EmoEvaluation, got none'],
    [
      'meld',
      'train_splits/dia1_utt1.mp4',
      'its emotion and speaker must be in the table of its split, train, got none',
    ],
    ['esd', '0011_000001.wav', 'its emotion must be one of neutral, happy, sad, angry, surprise, got none'],
  ] as const)('%s refuses %s', async (name, path, message) => {
    await expect(openCorpus(name, [memorySource(path)])).rejects.toThrow(message);
  });

  it('ESD refuses a folder that tells other than the text file, and reads text files in UTF-16', async () => {
    const text = (value: string) => new Uint8Array(Uint16Array.from(`\uFEFF${value}`, (c) => c.charCodeAt(0)).buffer);
    const files = [memorySource('0002/0002.txt', text('0002_000001\t打远一看。\t伤心\r\n'))];
    const dataset = await openCorpus('esd', [...files, memorySource('0002/0002_000001.wav')]);
    expect(Array.from(dataset, ({ label }) => label)).toEqual(['sad']);
    await expect(openCorpus('esd', [...files, memorySource('0002/Angry/0002_000001.wav')])).rejects.toThrow(
      'its emotion must be that of its text file, sad, got angry',
    );
  });
});

describe('tableRows', () => {
  // Oracle: RFC 4180, section 2.
  it('reads quotes, commas and line breaks in fields, empty fields, and both ends of lines', () => {
    const text = 'a,b,c\r\n"x, y","one\ntwo","say ""hi"""\r\n,,\nlast,,"q"';
    expect([...tableRows(text)]).toEqual([
      { a: 'x, y', b: 'one\ntwo', c: 'say "hi"' },
      { a: '', b: '', c: '' },
      { a: 'last', b: '', c: 'q' },
    ]);
    expect([...tableRows('')]).toEqual([]);
    expect([...tableRows('a,b\n')]).toEqual([]);
  });
});
