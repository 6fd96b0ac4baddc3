import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  examplesToBytes,
  FeatureExtractor,
  type PrepareOptions,
  prepareExamples,
  type Recording,
} from 'speech-emotion';
import { featureWorkers } from 'speech-emotion/node';
import { describe, expect, it } from 'vitest';
import { LabelledDataset } from '../../src/dataset/labelledDataset.ts';
import { memorySource, tinyWav } from '../support/fakeRavdess.ts';
import { expectNoThreadLeft } from './threads.ts';

/* Threads run the built package, so everything here does: `npm run build` first, as `npm test` does. */

/** Tones of other lengths and pitches, at a rate that has to be changed. */
const sources = Array.from({ length: 7 }, (_, i) =>
  memorySource(
    `tones/${i % 2 ? 'high' : 'low'}/${i}.wav`,
    tinyWav({ samples: 9000 + 500 * i, sampleRate: 22_050, hz: 200 + 150 * i }),
  ),
);
const dataset = await LabelledDataset.from(sources);
const options: PrepareOptions = {
  features: { features: { type: 'logMel', melBands: 16 } },
  speeds: [0.9, 1.1],
  copies: [{ type: 'telephone', codec: 'gsm' }, { type: 'clipped' }],
};

describe('featureWorkers', () => {
  const started = expectNoThreadLeft();

  it('gives the same examples and progress, in the same order (oracle: without threads)', async () => {
    const told = async (executor?: PrepareOptions['executor']) => {
      const events: unknown[] = [];
      const set = await prepareExamples(dataset, { ...options, executor, onProgress: (event) => events.push(event) });
      return { bytes: examplesToBytes(set), events };
    };
    expect(await told(featureWorkers({ workers: 3 }))).toEqual(await told());
    expect(started()).toBe(3);
    const extractor = new FeatureExtractor({ features: { type: 'mfcc' }, trim: false });
    const own = await prepareExamples(dataset, { features: extractor, executor: featureWorkers() });
    expect(own).toEqual(await prepareExamples(dataset, { features: extractor }));
    // What a source in memory gave is not taken from it.
    expect((await sources[0]!.bytes()).length).toBeGreaterThan(0);
  });

  it('names what cannot be read, in the same order and words, or reports it and continues', async () => {
    const broken = [
      { ...sources[0]!, bytes: () => Promise.reject(new Error('torn')) },
      sources[1]!,
      memorySource('tones/low/text.wav', new TextEncoder().encode('no sound')),
      memorySource('tones/low/empty.wav', tinyWav({ samples: 0 })),
    ];
    const damaged = await LabelledDataset.from(broken);
    const fate = async (executor?: PrepareOptions['executor']) => {
      const failed = await prepareExamples(damaged, { ...options, executor }).catch((error) => error);
      const invalid: object[] = [];
      const onInvalid = (error: unknown, { name }: Recording) => {
        const { name: kind, message, file, cause } = error as Error & { file: string };
        invalid.push({ name, kind, message, file, cause: (cause as Error | undefined)?.message });
      };
      const set = await prepareExamples(damaged, { ...options, executor, onInvalid });
      return {
        failed: [failed.constructor.name, failed.message],
        invalid,
        names: set.examples.map(({ name }) => name),
      };
    };
    const inThreads = await fate(featureWorkers({ workers: 2 }));
    expect(inThreads).toEqual(await fate());
    expect(inThreads.invalid).toHaveLength(3);
    expect(inThreads.names).toEqual(['tones/high/1.wav']);
  });

  it('stops when its signal aborts, and when a callback throws', async () => {
    const controller = new AbortController();
    const run = prepareExamples(dataset, {
      ...options,
      executor: featureWorkers({ workers: 2 }),
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(run).rejects.toThrow('enough');
    const onProgress = () => {
      throw new Error('no more');
    };
    await expect(prepareExamples(dataset, { ...options, executor: featureWorkers(), onProgress })).rejects.toThrow(
      'no more',
    );
  });

  it('works in a program given on the command line', async () => {
    const program = `
      import { LabelledDataset, prepareExamples } from 'speech-emotion';
      import { featureWorkers } from 'speech-emotion/node';
      const bytes = async () => Uint8Array.from(${JSON.stringify([...tinyWav({ samples: 900 })])});
      const dataset = await LabelledDataset.from([{ name: 'a/1.wav', bytes }]);
      console.log((await prepareExamples(dataset, { executor: featureWorkers() })).examples.length);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    expect(stdout.trim()).toBe('1');
  });

  it('knows the features that a host has registered where its module is set up in the threads, and throws where it is not', async () => {
    await import('./ownSound.ts');
    const own: PrepareOptions = { ...options, features: { features: { type: 'fewBands' as 'logMel' } } };
    const executor = featureWorkers({ workers: 2, setup: new URL('./ownSound.ts', import.meta.url) });
    expect(await prepareExamples(dataset, { ...own, executor })).toEqual(await prepareExamples(dataset, own));
    await expect(prepareExamples(dataset, { ...own, executor: featureWorkers({ workers: 1 }) })).rejects.toThrow(
      /a worker failed: .*got "fewBands"; registerFeatures adds one, in each thread .*featureWorkers by its option setup/,
    );
  });

  it('refuses options it does not know, and numbers of threads that are none', () => {
    expect(() => featureWorkers({ workers: 1.5 })).toThrow('workers must be a whole number from 1 to 1024, got 1.5');
    expect(() => featureWorkers({ threads: 2 } as never)).toThrow(TypeError);
  });
});
