import { describe, expect, it } from 'vitest';
import { Fingerprint } from '../../src/core/fingerprint.ts';
import { mergeDatasets } from '../../src/dataset/mergeDatasets.ts';
import { openCorpus } from '../../src/dataset/openCorpus.ts';
import { RavdessDataset } from '../../src/dataset/ravdessDataset.ts';
import type { Recording } from '../../src/dataset/recording.ts';
import { examplesFromBytes, examplesToBytes } from '../../src/exampleSet/exampleBytes.ts';
import { addExamples, ExampleContents } from '../../src/exampleSet/exampleContents.ts';
import type { Example, ExampleSet } from '../../src/exampleSet/exampleSet.ts';
import { examplesOf, mergeExamples, prepareExamples, selectExamples } from '../../src/exampleSet/examples.ts';
import { permuteLabels } from '../../src/exampleSet/permuteLabels.ts';
import { corpusSources } from '../support/corpusNames.ts';
import { fakeRavdess } from '../support/fakeRavdess.ts';
import { synthetic } from '../training/synthetic.ts';

/** Clips long enough for a frame. */
const aSecond = (recording: Recording): Recording => ({
  ...recording,
  waveform: async () => ({
    samples: Float32Array.from({ length: 16_000 }, (_, i) => Math.sin(i / 9)),
    sampleRate: 16_000,
  }),
});

const dataset = mergeDatasets([
  await openCorpus('tess', corpusSources('tess')),
  await RavdessDataset.from(fakeRavdess('speech', [2]).slice(0, 6)),
]);
const set = await prepareExamples(Object.assign([...dataset].map(aSecond), { labels: dataset.labels }));
const text = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes.subarray(0, 8));

function printOf(examples: ExampleSet): string {
  const print = new Fingerprint();
  addExamples(print, examples, new ExampleContents());
  return print.toString();
}

describe('examples of several corpora', () => {
  it('keep the corpus, and the labels asked for as indices where some were not', () => {
    const tess = set.examples.filter(({ corpus }) => corpus === 'TESS');
    expect(tess).toHaveLength(7);
    for (const { asked } of tess) expect(asked).toEqual([0, 2, 3, 4, 5, 6, 7]); // all but calm
    const ravdess = set.examples.filter(({ corpus }) => corpus === 'RAVDESS');
    expect(ravdess).toHaveLength(6);
    for (const example of ravdess) expect(example).not.toHaveProperty('asked');
  });

  it('keep them through bytes, selections and merges', () => {
    expect(examplesFromBytes(examplesToBytes(set))).toEqual(set);
    const [tess, ravdess] = ['TESS', 'RAVDESS'].map((one) => selectExamples(set, ({ corpus }) => corpus === one));
    expect(mergeExamples(tess!, ravdess!)).toEqual(set);
    expect(examplesOf(set, dataset.splitByCorpus(['TESS']).test)).toEqual(tess);
  });

  it('are stored in a form of their own, which version 0.1 refuses; others as version 0.1 stored them', () => {
    const plain = synthetic({ clips: 4 });
    expect([text(examplesToBytes(set)), text(examplesToBytes(plain))]).toEqual(['SEMOEXS2', 'SEMOEXS1']);
    expect(examplesFromBytes(examplesToBytes(plain))).toEqual(plain);
  });

  it('are refused where the labels asked for are none, out of order, or lack their own', () => {
    const [first, ...others] = set.examples;
    for (const change of [
      { asked: [0, 1] },
      { asked: [7, 4, 5] },
      { asked: [4, 4] },
      { asked: [4, 8] },
      { asked: [4, 5.5] },
      { asked: '4' },
      { corpus: 7 },
    ]) {
      const broken = { ...set, examples: [{ ...first!, label: 4, ...change } as never, ...others] };
      expect(() => examplesToBytes(broken)).toThrow(/^Cannot write the examples: /);
    }
  });

  it('refuse a recording whose label its corpus did not ask for', async () => {
    const clips = [...dataset].map(aSecond).map((clip, i) => (i === 0 ? { ...clip, asked: ['calm'] } : clip));
    await expect(prepareExamples(clips)).rejects.toThrow('label must be one that its corpus asked for, calm, got');
  });

  it('have another fingerprint with other labels asked for; those of one corpus and all labels have that of version 0.1', () => {
    const without = ({ corpus, asked, ...example }: Example): Example => example;
    const ravdess = selectExamples(set, ({ corpus }) => corpus === 'RAVDESS');
    expect(printOf(ravdess)).toBe(printOf({ ...ravdess, examples: ravdess.examples.map(without) }));
    expect(printOf(set)).not.toBe(printOf({ ...set, examples: set.examples.map(without) }));
    const fewer = set.examples.map((example) => (example.asked ? { ...example, asked: [example.label] } : example));
    expect(printOf(set)).not.toBe(printOf({ ...set, examples: fewer }));
  });
});

describe('permuteLabels', () => {
  it('gives no clip a label that its corpus did not ask for, and each label as often as before', () => {
    const permuted = permuteLabels(set, 3);
    const sorted = ({ examples }: ExampleSet, corpus: string) =>
      examples.flatMap((example) => (example.corpus === corpus ? [example.label] : [])).sort();
    for (const corpus of ['TESS', 'RAVDESS']) expect(sorted(permuted, corpus)).toEqual(sorted(set, corpus));
    expect(permuted.examples.map(({ label }) => label)).not.toEqual(set.examples.map(({ label }) => label));
    expect(permuted.examples.map(({ name }) => name)).toEqual(set.examples.map(({ name }) => name));
  });
});
