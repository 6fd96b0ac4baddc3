import { describe, expect, it } from 'vitest';
import type { Waveform } from '../../src/audio/waveform.ts';
import { DatasetError } from '../../src/core/errors.ts';
import type { Recording } from '../../src/dataset/recording.ts';
import { examplesOf, mergeExamples, prepareExamples, selectExamples } from '../../src/exampleSet/examples.ts';
import { permuteLabels } from '../../src/exampleSet/permuteLabels.ts';
import { openRavdess } from '../../src/node/openRavdess.ts';
import { ravdessZip, withRavdess } from '../support/ravdess.ts';
import { extractor, synthetic } from '../training/synthetic.ts';

const RATE = extractor.options.sampleRate;

/** A tone of a second and no silence around it. */
function tone(hertz: number, seconds = 1, sampleRate = RATE): Waveform {
  const samples = Float32Array.from(
    { length: seconds * sampleRate },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / sampleRate),
  );
  return { samples, sampleRate };
}

function recording(name: string, label: string, waveform: () => Waveform, speaker = 'anna'): Recording {
  return {
    name,
    label,
    speaker,
    groups: { speaker },
    bytes: () => Promise.reject(new Error('not needed')),
    waveform: async () => waveform(),
  };
}

const three = [
  recording('a', 'sad', () => tone(300)),
  recording('b', 'happy', () => tone(600), 'ben'),
  recording('c', 'sad', () => tone(900)),
];

describe('prepareExamples', () => {
  it('gives each recording’s features, label, speaker and groups (oracle: the extractor)', async () => {
    const events: unknown[] = [];
    const set = await prepareExamples(three, { features: extractor, onProgress: (event) => events.push(event) });
    expect(set.labels).toEqual(['happy', 'sad']);
    expect(set.features).toEqual(extractor.options);
    expect(set.speeds).toEqual([1]);
    expect(set.examples.map(({ name, label, speaker }) => [name, label, speaker])).toEqual([
      ['a', 1, 'anna'],
      ['b', 0, 'ben'],
      ['c', 1, 'anna'],
    ]);
    expect(set.examples[1]!.variants).toEqual([await extractor.extract(tone(600))]);
    expect(events).toEqual(three.map(({ name }, i) => ({ type: 'recording', name, done: i + 1, total: 3 })));
  });

  it('makes copies that are shorter and higher by the speed (oracle: a tone of that length and pitch)', async () => {
    const options = {
      features: { features: { type: 'logMel', melBands: 40 }, trim: false } as const,
      speeds: [0.8, 1.25],
    };
    const [example] = (await prepareExamples([three[1]!], options)).examples;
    const wanted = [tone(600), tone(480, 1.25), tone(750, 0.8)];
    for (const [i, variant] of example!.variants.entries()) {
      const [pure] = (await prepareExamples([recording('x', 'sad', () => wanted[i]!)], { features: options.features }))
        .examples;
      expect(variant.frames).toBe(pure!.variants[0]!.frames);
      const middle = (values: Float32Array) => values.subarray(10 * 40, 11 * 40);
      const loud = (values: Float32Array) => [...middle(values).entries()].filter(([, value]) => value > -30);
      for (const [bin, value] of loud(pure!.variants[0]!.values)) {
        expect(middle(variant.values)[bin]).toBeCloseTo(value, 1);
      }
    }
  });

  it('takes the labels of a dataset, or those given, and refuses others', async () => {
    const dataset = Object.assign([...three], { labels: ['neutral', 'sad', 'happy'] });
    expect((await prepareExamples(dataset, { features: extractor })).labels).toEqual(['neutral', 'sad', 'happy']);
    const labels = ['sad', 'happy'];
    expect((await prepareExamples(dataset, { features: extractor, labels })).examples[0]!.label).toBe(0);
    await expect(prepareExamples(three, { labels: ['sad'] })).rejects.toThrow(
      "label must be one of sad, got 'happy' (b)",
    );
  });

  it('stops at a recording that cannot be read, or reports it and continues', async () => {
    const broken = recording('broken', 'sad', () => {
      throw new DatasetError('no sound', { file: 'broken' });
    });
    const all = [three[0]!, broken, three[1]!];
    await expect(prepareExamples(all, { features: extractor })).rejects.toThrow('no sound');
    const invalid: string[] = [];
    const set = await prepareExamples(all, { features: extractor, onInvalid: (_, { name }) => invalid.push(name) });
    expect(invalid).toEqual(['broken']);
    expect(set.examples.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('stops when its signal aborts, though invalid recordings are passed over', async () => {
    const controller = new AbortController();
    const run = prepareExamples(three, {
      features: extractor,
      signal: controller.signal,
      onInvalid: () => {},
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(run).rejects.toThrow('enough');
  });

  it('refuses no recordings, one name twice, odd speeds and unknown options', async () => {
    await expect(prepareExamples([])).rejects.toThrow('there must be recordings');
    await expect(prepareExamples([three[0]!, three[0]!])).rejects.toThrow("names must be unique, got 'a' twice");
    await expect(prepareExamples(three, { speeds: [3] })).rejects.toThrow(RangeError);
    await expect(prepareExamples(three, { speed: 1 } as never)).rejects.toThrow(TypeError);
  });
});

describe('sets', () => {
  const set = synthetic();

  it('are selected from by condition and by the names of a fold', () => {
    const odd = selectExamples(set, ({ groups }) => groups.parity === 'odd');
    expect(odd.examples).toHaveLength(12);
    expect(examplesOf(set, [{ name: 'clip7' }, { name: 'clip2' }]).examples.map(({ name }) => name)).toEqual([
      'clip2',
      'clip7',
    ]);
    expect(() => examplesOf(set, [{ name: 'clip99' }])).toThrow("'clip99' is not in the set");
  });

  it('are merged where they fit and share no name', () => {
    const other = synthetic({ prefix: 'song', clips: 3 });
    expect(mergeExamples(set, other).examples).toEqual([...set.examples, ...other.examples]);
    expect(() => mergeExamples(set, set)).toThrow("names must be unique, got 'clip0' twice");
    expect(() => mergeExamples(set, { ...other, labels: ['a', 'b', 'c'] })).toThrow('labels must be the same');
    expect(() => mergeExamples(set, { ...other, speeds: [1, 1.2] })).toThrow('speeds must be the same');
  });

  it('have their labels permuted as a control: as many of each, on other clips, all else the same', () => {
    const permuted = permuteLabels(set, 3);
    const labels = (of: typeof set) => of.examples.map(({ label }) => label);
    expect(labels(permuted)).not.toEqual(labels(set));
    expect(labels(permuted).toSorted()).toEqual(labels(set).toSorted());
    expect(permuted.examples.map(({ variants }) => variants)).toEqual(set.examples.map(({ variants }) => variants));
    expect(permuteLabels(set, 3)).toEqual(permuted);
  });
});

withRavdess('prepareExamples on RAVDESS', () => {
  it('keeps all eight emotions, actors as speakers, and clips of 1 to 5 seconds', async () => {
    const dataset = await openRavdess(ravdessZip!);
    const set = await prepareExamples(
      dataset.filter(({ metadata }) => metadata.actor === 7 && metadata.repetition === 1),
    );
    expect(set.labels).toHaveLength(8);
    expect(new Set(set.examples.map(({ speaker }) => speaker))).toEqual(new Set(['07']));
    for (const { variants } of set.examples) {
      expect(variants[0]!.bins).toBe(80);
      expect(variants[0]!.frames).toBeGreaterThan(40);
      expect(variants[0]!.frames).toBeLessThan(200);
    }
  });
});
