import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CORPORA, type CorpusName } from '../../src/dataset/corpora.ts';
import { EMOTIONS } from '../../src/dataset/emotion.ts';
import { openCorpora } from '../../src/dataset/openCorpora.ts';
import { openCorpora as openFolder } from '../../src/node/openCorpora.ts';
import { corporaFolder, corporaIndex, withCorpora } from '../support/corpora.ts';
import { CORPUS_TREES, corpusSources } from '../support/corpusNames.ts';
import { memorySource } from '../support/fakeRavdess.ts';
import { ravdessZip, withRavdess } from '../support/ravdess.ts';

const names = Object.keys(CORPORA) as CorpusName[];
const inFolder = (folder: string) => (source: ReturnType<typeof memorySource>) => ({
  ...source,
  name: `${folder}/${source.name}`,
});

describe('openCorpora', () => {
  it('finds every corpus in one tree and opens them as one dataset (oracle: names as published)', async () => {
    const sources = [...names.flatMap(corpusSources), memorySource('README.md')].map(inFolder('all'));
    const dataset = await openCorpora(sources);
    const titles = names.map((name) => CORPORA[name].title);
    expect(dataset.corpora).toEqual([...titles].sort());
    expect(dataset.size).toBe(names.reduce((sum, name) => sum + Object.keys(CORPUS_TREES[name].clips).length, 0));
    expect(dataset.labels).toEqual(EMOTIONS);
    expect(dataset.skipped.at(-1)).toEqual({
      name: 'all/README.md',
      reason: 'it is of no corpus that is known, by its name and its folder',
    });
    const tess = [...dataset].find(({ name }) => name.endsWith('YAF_back_ps.wav'))!;
    expect(tess).toMatchObject({
      label: 'surprised',
      speaker: 'TESS YAF',
      corpus: 'TESS',
      asked: EMOTIONS.filter((emotion) => emotion !== 'calm'),
      groups: { corpus: 'TESS', language: 'en', sex: 'female', emotion: 'ps' },
    });
    expect((await tess.waveform()).samples).toHaveLength(160);
  });

  it('gives a folder of one corpus all that is in it, and sorts out one that holds several', async () => {
    const dataset = await openCorpora([
      memorySource('mixed/03a01Fa.wav'),
      memorySource('mixed/F21N05.wav'),
      memorySource('mixed/strange.wav'),
      memorySource('ravdess/03-01-01-01-01-01-01.wav'),
      memorySource('ravdess/09-01-01-01-01-01-01.wav'),
    ]);
    expect(Array.from(dataset, ({ speaker }) => speaker)).toEqual(['RAVDESS 01', 'EMO-DB 03', 'ShEMO F21']);
    expect(dataset.skipped).toEqual([
      { name: 'ravdess/09-01-01-01-01-01-01.wav', reason: expect.stringContaining('the modality must be 01 to 03') },
      { name: 'mixed/strange.wav', reason: expect.stringContaining('of no corpus') },
    ]);
  });

  it('opens those that are asked for, and throws at invalid files where it is told to', async () => {
    const sources = [...corpusSources('tess'), ...corpusSources('emovo'), memorySource('emovo/f1/xyz-f1-b1.wav')];
    expect((await openCorpora(sources, { corpora: ['tess'] })).corpora).toEqual(['TESS']);
    expect((await openCorpora(sources)).corpora).toEqual(['EMOVO', 'TESS']);
    await expect(openCorpora(sources, { onInvalid: 'throw' })).rejects.toThrow('its emotion must be one of');
  });

  it('refuses options and files that it does not know', async () => {
    await expect(openCorpora([memorySource('a.wav')])).rejects.toThrow(
      /^Cannot open corpora: there must be files named as those of RAVDESS, TESS, .*, got 1 others, e.g. 'a.wav'$/,
    );
    await expect(openCorpora([], { corpora: ['emodb'] } as never)).rejects.toThrow('corpora must be one of');
    await expect(openCorpora([], { labels: [] } as never)).rejects.toThrow(TypeError);
    await expect(openCorpora([], { onInvalid: 'never' } as never)).rejects.toThrow(RangeError);
  });
});

withCorpora('openCorpora, with five corpora as archives', () => {
  it('reads every clip as the index has it (oracle: index.csv)', async () => {
    const index = corporaIndex();
    const dataset = await openFolder(corporaFolder);
    const archives: Record<string, string> = { TurEV: 'turev' };
    const nameOf = ({ corpus, file }: { corpus: string; file: string }) =>
      `${archives[corpus] ?? corpus.toLowerCase()}.zip/${file}`;
    const own = new Map(Array.from(dataset, (clip) => [clip.name.slice(clip.name.indexOf('/') + 1), clip]));
    const left = new Map(dataset.skipped.map(({ name, reason }) => [name.slice(name.indexOf('/') + 1), reason]));
    for (const row of index) {
      const name = nameOf(row);
      const copy = /^same as (.+)\.wav$/.exec(row.note)?.[1];
      if (copy) {
        expect(left.get(name)).toBe(`it is the same recording as '${copy}'`);
        continue;
      }
      const clip = own.get(name);
      const title = row.corpus === 'TurEV' ? 'TurEV-DB' : row.corpus;
      const together = row.corpus === 'ASED' && ['21', '23', '25'].includes(row.speaker);
      expect({ ...clip, name }).toMatchObject({
        name,
        label: row.label,
        speaker: `${title} ${together ? '21+23+25' : row.speaker}`,
        corpus: title,
        groups: { sex: row.sex === 'f' ? 'female' : 'male', language: row.language, emotion: row.emotion },
      });
    }
    expect(own.size + left.size).toBe(index.length + 2); // README.md, index.csv
    for (const title of dataset.corpora) {
      const ofIt = index.filter(({ corpus }) => title.startsWith(corpus)).map(({ label }) => label);
      const { asked } = [...dataset].find(({ corpus }) => corpus === title)!;
      expect(asked).toEqual(EMOTIONS.filter((emotion) => ofIt.includes(emotion)));
    }
    const sound = [...dataset].find(({ corpus }) => corpus === 'TESS')!;
    const { samples, sampleRate } = await sound.waveform();
    expect([sampleRate, samples.length > 16_000]).toEqual([16_000, true]); // Ogg Vorbis from an archive
  }, 60_000);

  it('leaves one corpus out, without a speaker on both sides', async () => {
    const dataset = await openFolder(corporaFolder);
    const folds = dataset.leaveOneCorpusOut();
    expect(folds.map(({ name }) => name)).toEqual([
      'loco/ASED',
      'loco/EMOVO',
      'loco/TESS',
      'loco/TurEV-DB',
      'loco/nEMO',
    ]);
    for (const { train, test } of folds) {
      expect(train.size + test.size).toBe(dataset.size);
      expect(test.speakers.filter((speaker) => train.speakers.includes(speaker))).toEqual([]);
    }
  });
});

withRavdess('openCorpora, with RAVDESS beside others', () => {
  it('opens folders and archives of both through one folder of links', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'corpora-'));
    try {
      symlinkSync(ravdessZip!, join(folder, 'speech.zip'));
      const dataset = await openFolder(folder);
      expect([dataset.size, dataset.corpora, dataset.speakers.length]).toEqual([1440, ['RAVDESS'], 24]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
