import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/evaluation/evaluate.ts';
import { summarise } from '../../src/evaluation/evaluation.ts';
import { formatEvaluation } from '../../src/evaluation/formatEvaluation.ts';
import type { LabelledPrediction } from '../../src/evaluation/labelledPrediction.ts';
import { predictExamples } from '../../src/evaluation/labelledPredictions.ts';
import { selectExamples } from '../../src/exampleSet/examples.ts';
import { train } from '../../src/training/train.ts';
import { expectNoLeak } from '../support/backends.ts';
import { network, synthetic } from '../training/synthetic.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Two speakers, one clip missed of each; the second has sex f. */
const predictions: LabelledPrediction[] = [
  { name: 'a', label: 0, speaker: 'x', groups: { sex: 'm', take: '1' }, probabilities: [0.8, 0.2] },
  { name: 'b', label: 1, speaker: 'x', groups: { sex: 'm', take: '2' }, probabilities: [0.6, 0.4] },
  { name: 'c', label: 1, speaker: 'y', groups: { sex: 'f', take: '1' }, probabilities: [0.1, 0.9] },
  { name: 'd', label: 1, speaker: 'y', groups: { sex: 'f' }, probabilities: [0.3, 0.7] },
];

describe('summarise', () => {
  const evaluation = summarise(['calm', 'sad'], [{ predictions, temperature: 0.5 }]);

  it('gives the figures of the confusion matrix (by hand)', () => {
    expect(evaluation).toMatchObject({
      labels: ['calm', 'sad'],
      confusion: [
        [1, 0],
        [1, 2],
      ],
      uar: (1 + 2 / 3) / 2,
      war: 3 / 4,
      recalls: [1, 2 / 3],
      macroF1: (2 / 3 + 4 / 5) / 2,
    });
    expect(evaluation.uarInterval.low).toBeLessThan(evaluation.uarInterval.high);
  });

  it('breaks them down by every group, over the clips that are in it', () => {
    expect(evaluation.groups).toEqual({
      sex: { f: { clips: 2, uar: 1, war: 1 }, m: { clips: 2, uar: 0.5, war: 0.5 } },
      take: { 1: { clips: 2, uar: 1, war: 1 }, 2: { clips: 1, uar: 0, war: 0 } },
    });
  });

  it('measures probabilities before and after calibration (closed form: T = ½ squares them)', () => {
    const squared = [16 / 17, 4 / 13, 81 / 82, 49 / 58];
    const nll = (p: number[]) => -p.reduce((sum, each) => sum + Math.log(each), 0) / 4;
    expect(evaluation.uncalibrated.nll).toBeCloseTo(nll([0.8, 0.4, 0.9, 0.7]), 6);
    expect(evaluation.calibrated.nll).toBeCloseTo(nll(squared), 6);
    expect(evaluation.clips.map(({ label, probabilities }) => probabilities[label])).toEqual(
      squared.map((p) => expect.closeTo(p, 6)),
    );
  });

  it('takes parts by several models, each with a temperature of its own', () => {
    const parts = [
      { predictions: predictions.slice(0, 2), temperature: 0.5 },
      { predictions: predictions.slice(2), temperature: 2 },
    ];
    const together = summarise(['calm', 'sad'], parts);
    expect(together.confusion).toEqual(evaluation.confusion);
    expect(together.clips[0]).toEqual(evaluation.clips[0]);
    expect(together.clips[2]!.probabilities[1]).toBeCloseTo(0.75, 6); // 3 : 1
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation);
  });

  it('refuses nothing, and what are no predictions of these labels', () => {
    const labels = ['calm', 'sad'];
    expect(() => summarise(labels, [])).toThrow('Cannot evaluate: there must be examples, got none');
    expect(() => summarise(labels, [{ predictions: [], temperature: 1 }])).toThrow(/there must be examples, got none/);
    const wrong: [unknown, unknown, unknown, RegExp][] = [
      [null, [], {}, /^Cannot evaluate: labels must be an array, got null$/],
      [labels, null, {}, /parts must be an array, got null$/],
      [['calm'], [{ predictions, temperature: 1 }], {}, /probabilities of 'a' must be 1, one a label, got 2$/],
      [labels, [{ predictions: null, temperature: 1 }], {}, /predictions must be an array, got null$/],
      [
        labels,
        [{ predictions: [{ ...predictions[0]!, label: 99 }], temperature: 1 }],
        {},
        /label of 'a' must be .* got 99$/,
      ],
      [labels, [{ predictions, temperature: 0 }], {}, /temperature must be a number from .* got 0$/],
      [labels, [{ predictions, temperature: Number.NaN }], {}, /temperature must be .* got NaN$/],
      [labels, [{ predictions, temperature: 1 }], { level: 95 }, /level must be a number from 0.01 to 0.9999, got 95$/],
    ];
    for (const [own, parts, bootstrap, message] of wrong) {
      expect(() => summarise(own as never, parts as never, bootstrap as never)).toThrow(message);
    }
  });
});

it('formatEvaluation prints the figures in aligned columns', () => {
  const evaluation = summarise(['calm', 'sad'], [{ predictions, temperature: 0.5 }], { resamples: 10 });
  const text = formatEvaluation(evaluation);
  expect(text.split('\n')[0]).toBe('4 clips of 2 speakers');
  expect(text).toContain('WAR 75.0 %, macro-F1 73.3 %');
  expect(text).toContain(
    [
      'truth \\ predicted  calm  sad   recall',
      'calm                  1    0  100.0 %',
      'sad                   1    2   66.7 %',
    ].join('\n'),
  );
  expect(text).toContain(
    ['sex  clips      UAR      WAR', 'f        2  100.0 %  100.0 %', 'm        2   50.0 %   50.0 %'].join('\n'),
  );
  const one = { ...predictions[0]!, probabilities: [0.8, 0.2, 0] };
  const absent = summarise(['calm', 'sad', 'odd'], [{ predictions: [one], temperature: 1 }]);
  expect(formatEvaluation(absent)).toMatch(/odd +0 +0 +0 +–/);
});

it('formatEvaluation prints levels as they were given, speakers not known one by one, and groups of any number of values', () => {
  const clips = predictions.map((clip) => ({ ...clip, speaker: '' }));
  const evaluation = summarise(['calm', 'sad'], [{ predictions: clips, temperature: 1 }], {
    resamples: 10,
    level: 0.07,
  });
  const values = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`v${i}`, { clips: 1, uar: 1, war: 1 }]));
  const text = formatEvaluation({ ...evaluation, groups: { many: values } });
  expect(text.slice(0, 100)).toMatch(/^4 clips of 4 speakers\nUAR [\d.]+ % \(7 % interval/);
  expect(text.split('\n').length).toBeGreaterThan(200_000);
});

describe('evaluate', () => {
  it('learns what can be learned and measures it on clips as they are (oracle: predict and summarise)', async () => {
    await expectNoLeak(async () => {
      const net = network();
      const { model } = await train(net, synthetic({ clips: 48 }), {
        epochs: 15,
        batchSize: 8,
        learningRate: 0.02,
        window: { frames: 12 },
        augment: false,
      });
      const test = synthetic({ clips: 30, seed: 5, prefix: 'test' });
      const evaluation = await evaluate(model, test);
      expect(evaluation.uar).toBeGreaterThan(0.9);
      const wanted = summarise(test.labels, [{ predictions: await predictExamples(model, test), temperature: 1 }]);
      expect(evaluation).toEqual(wanted);
      const speakerwise = selectExamples(test, ({ speaker }) => speaker === 'test1');
      expect(evaluation.groups.speaker!.test1).toEqual({
        clips: speakerwise.examples.length,
        uar: (await evaluate(model, speakerwise)).uar,
        war: (await evaluate(model, speakerwise)).war,
      });
      net.dispose();
    });
  });

  it('refuses other labels, other features, no clips, and unknown options; stops when told to', async () => {
    await expectNoLeak(async () => {
      const net = network();
      const data = synthetic();
      const { model } = await train(net, data, { epochs: 1, window: { frames: 12 } });
      await expect(evaluate(model, { ...data, labels: ['a', 'b', 'c'] })).rejects.toThrow("labels must be the model's");
      await expect(evaluate(model, { ...data, features: { ...data.features, sampleRate: 8000 } })).rejects.toThrow(
        'features',
      );
      await expect(evaluate(model, { ...data, examples: [] })).rejects.toThrow('there must be examples');
      await expect(evaluate(model, data, { batch: 1 } as never)).rejects.toThrow(TypeError);
      await expect(evaluate(model, data, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
      net.dispose();
    });
  });
});
