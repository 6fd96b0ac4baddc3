import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Example, ExampleSet } from '../../src/exampleSet/exampleSet.ts';
import { learningRateAt, resolveSchedule } from '../../src/training/schedule.ts';
import { train } from '../../src/training/train.ts';
import type { TrainOptions } from '../../src/training/trainOptions.ts';
import type { BatchProgress, TrainProgress } from '../../src/training/trainReport.ts';
import { MemoryStore, network, synthetic, weightsOf } from './synthetic.ts';

/* What a run does first. */

beforeAll(() => tf.setBackend('cpu'));

const data = ofTwoCorpora(synthetic());
const validation = synthetic({ clips: 12, seed: 2, prefix: 'held' });
const OPTIONS = {
  epochs: 2,
  batchSize: 8,
  window: { frames: 12 },
  augment: { gainDb: 6 },
  pretraining: { epochs: 3, learningRate: 0.01, sampling: { shares: { first: 1 } }, augment: false },
} as const satisfies TrainOptions;

/** 3 batches an epoch; half of the clips of each label are of a corpus that comes first. */
function ofTwoCorpora({ examples, ...rest }: ExampleSet): ExampleSet {
  return { ...rest, examples: examples.map((clip, i) => ({ ...clip, corpus: i % 2 === 0 ? 'first' : 'other' })) };
}

/** A run of its own network: its events, report and final weights. */
async function run(options: TrainOptions = {}, set = data) {
  const events: TrainProgress[] = [];
  const net = network();
  try {
    const onProgress = (event: TrainProgress) => {
      events.push(event);
      options.onProgress?.(event);
    };
    const { history, bestEpoch, model } = await train(net, set, { ...OPTIONS, ...options, onProgress });
    return { events, history, bestEpoch, model, weights: await weightsOf(net) };
  } finally {
    net.dispose();
  }
}

const batches = (events: readonly TrainProgress[]) =>
  events.filter((event): event is BatchProgress => event.type === 'batch');

describe('pretraining', () => {
  it('has epochs and a schedule of its own, before those of the run (oracle: the schedule of each)', async () => {
    const { events, history, model } = await run();
    const cycle = resolveSchedule('oneCycle');
    const rates = (highest: number, steps: number) =>
      Array.from({ length: steps }, (_, step) => learningRateAt(cycle, highest, step, steps));
    expect(batches(events).map(({ learningRate }) => learningRate)).toEqual([...rates(0.01, 9), ...rates(1.5e-3, 6)]);
    expect(batches(events).every(({ epochs }) => epochs === 5)).toBe(true);
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5]);
    expect(model.settings.training.options).toMatchObject({
      epochs: 2,
      pretraining: { epochs: 3, learningRate: 0.01, sampling: { shares: { first: 1 } }, augment: { gainDb: false } },
    });
  });

  it('draws what it is told to alone (property: clips of the other corpus may trade places)', async () => {
    const others = data.examples.filter(({ corpus }) => corpus === 'other');
    const traded = data.examples.map((clip): Example => {
      if (clip.corpus === 'first') return clip;
      const next = others[(others.indexOf(clip) + 1) % others.length]!;
      return { ...clip, variants: next.variants };
    });
    const losses = async (set: ExampleSet) => (await run({}, set)).history.map(({ loss }) => loss);
    const [as, other] = [await losses(data), await losses({ ...data, examples: traded })];
    // The normaliser is fitted on the same clips in another order.
    for (const epoch of [0, 1, 2]) expect(other[epoch]).toBeCloseTo(as[epoch]!, 4);
    expect(Math.abs(other[3]! - as[3]!)).toBeGreaterThan(1e-3);
  });

  it('takes what it leaves out from the run (oracle: the same written out)', async () => {
    const { augment, epochs } = OPTIONS;
    const short = { classWeights: 'balanced', learningRate: 2e-3, sampling: { labels: 2 } } as const;
    const long = { epochs: 1, augment, ...short, schedule: 'oneCycle' } as const;
    const { weights } = await run({ ...short, epochs, pretraining: { epochs: 1 } });
    expect((await run({ ...short, epochs, pretraining: long })).weights).toEqual(weights);
  });

  it.each([2, 3, 4])('resumes after epoch %i as if it had never stopped (oracle: the unbroken run)', async (epochs) => {
    const { weights } = await run();
    const store = new MemoryStore();
    const stop = new AbortController();
    const onProgress = ({ type, ...event }: TrainProgress) => {
      if (type === 'epoch' && 'epoch' in event && event.epoch === epochs) stop.abort();
    };
    await expect(run({ checkpoint: { store }, signal: stop.signal, onProgress })).rejects.toThrow();
    const again = await run({ checkpoint: { store } });
    expect(again.weights).toEqual(weights);
    // The signal is heard after the next step.
    expect(batches(again.events)).toHaveLength(15 - 3 * epochs - 1);
  });

  it('is not chosen from: epochs are validated, and patience counts, once it is over', async () => {
    const { history, bestEpoch } = await run({ epochs: 4, validation, patience: 1 });
    const validated = history.filter((record) => record.validation).map(({ epoch }) => epoch);
    expect(validated[0]).toBe(4);
    expect(bestEpoch).toBeGreaterThan(3);
  });

  it.each([
    [{ epochs: 0 }, /in pretraining: epochs must be .*got 0$/],
    [{ epochs: 1, sampling: { shares: { none: 1 } } }, /in pretraining: sampling\.shares must name corpora/],
    [{ epochs: 1, augment: { gainDb: -1 } }, /in pretraining: augment\.gainDb must be/],
    [{ epochs: 1, patience: 2 }, /pretraining.*patience/],
    [true, /pretraining must be/],
  ])('refuses %o', async (pretraining, message) => {
    await expect(run({ pretraining: pretraining as never })).rejects.toThrow(message);
  });
});
