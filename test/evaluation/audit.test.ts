import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import type { Recording } from '../../src/dataset/recording.ts';
import { auditView, type ViewOptions } from '../../src/evaluation/audit/auditView.ts';
import { evaluate } from '../../src/evaluation/evaluate.ts';
import { type AuditDose, type AuditOptions, audit } from '../../src/evaluation/index.ts';
import type { LabelledPrediction } from '../../src/evaluation/labelledPrediction.ts';
import {
  argMax,
  confusionMatrix,
  expectedCalibrationError,
  unweightedAverageRecall,
} from '../../src/evaluation/metrics.ts';
import { speakerBootstrap } from '../../src/evaluation/speakerBootstrap.ts';
import { prepareExamples } from '../../src/exampleSet/examples.ts';
import { predict } from '../../src/model/predict.ts';
import { tinyExtractor, tinyModel } from '../model/tinyModel.ts';
import { expectNoLeak } from '../support/backends.ts';

beforeAll(() => tf.setBackend('cpu'));

const LABELS = ['calm', 'happy', 'sad', 'angry'];
const uar = (clips: Iterable<LabelledPrediction>) => unweightedAverageRecall(confusionMatrix(clips, LABELS.length));

/** Predictions of eight speakers from a seed; men are recognised less often. */
const made = Array.from({ length: 160 }, (_, i): LabelledPrediction => {
  const random = new RandomStream(3, 'clip', i);
  const label = i % 4;
  const speaker = `s${i % 8 === 3 ? '' : (i >> 2) % 8}`;
  const sex = (i >> 2) % 2 ? 'male' : 'female';
  const weights = LABELS.map((_, k) => random.next() + (k === label ? (sex === 'male' ? 0.2 : 0.7) : 0));
  const sum = weights.reduce((a, b) => a + b);
  const groups = { sex, intensity: i % 3 ? 'normal' : 'strong' };
  return { name: `${i}`, label, speaker, groups, probabilities: weights.map((weight) => weight / sum) };
});
const bootstrap = { resamples: 300, level: 0.95, seed: 4 };
const view: ViewOptions = {
  ...{ labels: LABELS, sureAbove: 0.4, groups: ['sex', 'speaker', 'nothing'], fairness: ['sex', 'intensity'] },
  ...{ bootstrap, signal: undefined },
};

describe('figures of predictions', () => {
  it('are those of the metrics, also of each group (oracle: the metrics on clips chosen by hand)', async () => {
    const got = await auditView(made, view);
    expect(got.uar).toBe(uar(made));
    expect(got.uarInterval).toEqual(speakerBootstrap(made, 4, unweightedAverageRecall, bootstrap));
    expect(got.calibration.ece).toBe(expectedCalibrationError(made));
    expect(Object.keys(got.groups)).toEqual(['sex', 'speaker', 'intensity']);
    const men = made.filter(({ groups }) => groups.sex === 'male');
    expect(got.groups.sex!.male).toMatchObject({
      ...{ clips: men.length, speakers: new Set(men.map(({ speaker }) => speaker)).size, uar: uar(men) },
      uarInterval: speakerBootstrap(men, 4, unweightedAverageRecall, bootstrap),
    });
    expect(got.groups.speaker!.s3!.uar).toBe(uar(made.filter(({ speaker }) => speaker === 's3')));
  });

  it('bins of reliability add up to the calibration error (definition)', async () => {
    const { calibration } = await auditView(made, view);
    const { bins } = calibration;
    expect(bins.reduce((sum, { clips }) => sum + clips, 0)).toBe(made.length);
    const error = bins.reduce(
      (sum, { clips, confidence, accuracy }) => sum + (clips / made.length) * Math.abs(accuracy - confidence),
      0,
    );
    expect(error).toBeCloseTo(calibration.ece, 12);
    for (const { from, to, confidence } of bins) {
      expect(confidence).toBeGreaterThan(from);
      expect(confidence).toBeLessThanOrEqual(to);
    }
  });

  it('the sure are those above the threshold (definition); the curve ends with all clips', async () => {
    const { sure, riskCoverage } = await auditView(made, view);
    const above = made.filter(({ probabilities }) => Math.max(...Array.from(probabilities)) > 0.4);
    const right = above.filter(({ label, probabilities }) => argMax(probabilities) === label);
    expect(sure).toEqual({ coverage: above.length / made.length, accuracy: right.length / above.length });
    expect(riskCoverage.at(-1)!.coverage).toBe(1);
    expect(riskCoverage.length).toBeLessThanOrEqual(101);
    expect((await auditView(made, { ...view, sureAbove: undefined })).sure).toBeNull();
  });

  it('a gap between speakers of either kind: two samples; within speakers: pairs (oracle: bootstrap written out)', async () => {
    const { gaps } = await auditView(made, view);
    for (const group of ['sex', 'intensity']) {
      const [a, b] = group === 'sex' ? ['female', 'male'] : ['normal', 'strong'];
      const of = (value: string) => made.filter(({ groups }) => groups[group] === value);
      const order = uar(of(a!)) > uar(of(b!)) ? [a!, b!] : [b!, a!];
      const sides = order.map(of);
      const speakers = [...new Set(sides.flatMap((side) => side.map(({ speaker }) => speaker)))];
      const kinds = new Map<string, string[]>();
      for (const speaker of speakers) {
        const kind = sides.map((side) => side.some((clip) => clip.speaker === speaker)).join();
        kinds.set(kind, [...(kinds.get(kind) ?? []), speaker]);
      }
      const random = new RandomStream(bootstrap.seed, 'bootstrap');
      const differences = Array.from({ length: bootstrap.resamples }, () => {
        const drawn = [...kinds.values()].flatMap((own) => own.map(() => own[random.integer(own.length)]!));
        const [high, low] = sides.map((side) =>
          uar(drawn.flatMap((speaker) => side.filter((clip) => clip.speaker === speaker))),
        );
        return high! - low!;
      }).sort((x, y) => x - y);
      const at = (place: number) =>
        differences[Math.floor(place)]! +
        (place % 1) * (differences[Math.ceil(place)]! - differences[Math.floor(place)]!);
      const gap = gaps[group]!;
      expect([gap.best, gap.worst]).toEqual(order);
      expect(gap.difference).toBeCloseTo(uar(sides[0]!) - uar(sides[1]!), 12);
      expect(gap.interval.low).toBeCloseTo(at(0.025 * 299), 9);
      expect(gap.interval.high).toBeCloseTo(at(0.975 * 299), 9);
    }
  });
});

/** A clip of noise that grows. */
function recording(index: number, more: Partial<Recording> = {}): Recording {
  const random = new RandomStream(1, 'clip', index);
  const samples = Float32Array.from({ length: 7000 + 311 * index }, (_, i) => (random.normal() * i) / 70_000);
  return {
    ...{ name: `clip ${index}`, label: LABELS[index % 4]!, speaker: `s${index % 5}` },
    groups: { sex: index % 2 ? 'male' : 'female' },
    bytes: () => Promise.reject(new Error('not asked for')),
    waveform: async () => ({ samples, sampleRate: 16_000 }),
    ...more,
  };
}

const recordings = Array.from({ length: 20 }, (_, i) => recording(i));
const few: AuditOptions = { bootstrap, doses: [] };

async function withModel(work: (model: ReturnType<typeof tinyModel>) => Promise<void>): Promise<void> {
  await expectNoLeak(async () => {
    const model = tinyModel({ calibration: { temperature: 1.7, sureAbove: 0.3 } }, 10); // has several answers
    await work(model).finally(() => model.network.dispose());
  });
}

const halved: AuditDose = {
  ...{ name: 'halved', dose: '1 / 2' },
  apply: ({ samples, sampleRate }) => ({ samples: samples.subarray(0, samples.length / 2), sampleRate }),
};

describe('audit', () => {
  it('of features is the evaluation of them (oracle: evaluate), without robustness', () =>
    withModel(async (model) => {
      const examples = await prepareExamples(recordings, { features: tinyExtractor, labels: LABELS });
      const evaluation = await evaluate(model, examples, { bootstrap });
      const result = await audit(model, examples, { bootstrap });
      const { uarInterval, war, macroF1, confusion, recalls, calibrated } = evaluation;
      expect(result.open).toMatchObject({ uar: evaluation.uar, uarInterval, war, macroF1, confusion, recalls });
      for (const score of ['nll', 'brier', 'ece'] as const) {
        expect(result.open.calibration[score]).toBeCloseTo(calibrated[score], 6); // rounded once more there
      }
      expect(result).toMatchObject({ robustness: null, restricted: null, speech: null });
      expect(result.data).toMatchObject({ clips: 20, speakers: 5, leftOut: {} });
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    }));

  it('of recordings is that of their features', () =>
    withModel(async (model) => {
      const examples = await prepareExamples(recordings, { features: tinyExtractor, labels: LABELS });
      const [a, b] = [await audit(model, recordings, few), await audit(model, examples, few)];
      expect(a.open.confusion).toEqual(b.open.confusion);
      expect(a.open.calibration.nll).toBeCloseTo(b.open.calibration.nll, 5);
      expect(a.robustness).toEqual([]);
    }));

  it('a dose: change, unchanged, shift, drift (oracle: the changed clips predicted by hand)', () =>
    withModel(async (model) => {
      const { robustness, open } = await audit(model, recordings, { ...few, doses: [halved] });
      const all: { still: LabelledPrediction; moved: LabelledPrediction }[] = [];
      for (const { name, label, speaker, groups, waveform } of recordings) {
        const { samples, sampleRate } = await waveform();
        const matrices = await Promise.all(
          [samples, samples.slice(0, samples.length / 2)].map((part) =>
            tinyExtractor.extract({ samples: part, sampleRate }),
          ),
        );
        const [still, moved] = (await predict(model, matrices)).map(({ probabilities }) => ({
          ...{ name, label: LABELS.indexOf(label), speaker, groups, probabilities: [...probabilities] },
        }));
        all.push({ still: still!, moved: moved! });
      }
      const [figures] = robustness!;
      expect(figures).toMatchObject({ name: 'halved', dose: '1 / 2', restricted: null });
      const { unchanged, shift, drift, change, uar: under } = figures!.open;
      const same = all.filter(({ still, moved }) => argMax(still.probabilities) === argMax(moved.probabilities));
      expect(unchanged).toBe(same.length / 20);
      expect(same.length).toBeGreaterThan(0);
      expect(same.length).toBeLessThan(20);
      const differences = all.map(({ still, moved }) =>
        LABELS.map((_, k) => moved.probabilities[k]! - still.probabilities[k]!),
      );
      const distance = (own: number[]) => own.reduce((sum, one) => sum + Math.abs(one), 0) / 2;
      expect(shift).toBeCloseTo(differences.reduce((sum, own) => sum + distance(own), 0) / 20, 5);
      expect(shift).toBeGreaterThan(0.001);
      for (const [k, got] of drift.entries()) {
        expect(got).toBeCloseTo(differences.reduce((sum, own) => sum + own[k]!, 0) / 20, 5);
      }
      expect(under).toBeCloseTo(uar(all.map(({ moved }) => moved)), 12);
      expect(change).toBeCloseTo(under - open.uar, 12);
    }));

  it('what changes nothing has no effect, and an interval of nothing', () =>
    withModel(async (model) => {
      const same: AuditDose = { name: 'same', dose: 'none', apply: (waveform) => waveform };
      const { robustness, open } = await audit(model, recordings, { ...few, doses: [same] });
      const changeInterval = { low: 0, high: 0, level: 0.95 };
      expect(robustness![0]!.open).toEqual({
        ...{ uar: open.uar, change: 0, changeInterval, unchanged: 1, shift: 0, drift: [0, 0, 0, 0] },
      });
    }));

  it('restricts answers to the labels asked for, calm counts as neutral where that was (oracle: written out)', () =>
    expectNoLeak(async () => {
      const labels = ['neutral', 'calm', 'sad', 'angry'];
      const model = tinyModel({ labels });
      const asked = ['neutral', 'sad', 'surprised'];
      const clips = Array.from({ length: 10 }, (_, i) =>
        recording(i, { label: asked[i % 2]! === 'neutral' ? 'neutral' : 'sad', corpus: 'A', asked }),
      );
      const { restricted, open, data } = await audit(model, [...clips, recording(11, { label: 'surprised' })], few);
      const hits: number[][] = [[], []];
      for (const clip of clips) {
        const [prediction] = await predict(model, [await tinyExtractor.extract(await clip.waveform())]);
        const [neutral, calm, sad] = [...prediction!.probabilities];
        const isNeutral = neutral! + calm! > sad!;
        hits[clip.label === 'neutral' ? 0 : 1]!.push(Number(isNeutral === (clip.label === 'neutral')));
      }
      const recall = hits.map((own) => own.reduce((a, b) => a + b, 0) / own.length);
      expect(restricted!.recalls).toEqual([recall[0], null, recall[1], null]);
      expect(recall[0]).not.toBe(recall[1]);
      expect(restricted!.uar).toBeCloseTo((recall[0]! + recall[1]!) / 2, 12);
      expect(restricted!.groups.corpus!.A!.clips).toBe(10);
      expect(data).toMatchObject({
        leftOut: { surprised: 1 },
        corpora: { A: { clips: 10, asked: ['neutral', 'sad'] } },
      });
      expect(open.confusion.flat().reduce((a, b) => a + b)).toBe(10);
      model.network.dispose();
    }));

  it('asks about speech in clips and in other sounds (oracle: one that counts)', () =>
    withModel(async (model) => {
      const progress: string[] = [];
      let clips = 0;
      const { speech } = await audit(model, recordings, {
        ...few,
        speech: async ({ samples }) => (samples.length < 40_000 ? clips++ > 1 : samples[100] !== 0),
        onProgress: ({ type, done, total }) => progress.push(`${type} ${done} of ${total}`),
      });
      expect(speech!.speechMissed).toBe(2 / 20);
      expect(speech!.nonSpeech.silence).toEqual({ sounds: 1, taken: 0 });
      expect(speech!.nonSpeech.whiteNoise).toEqual({ sounds: 8, taken: 8 });
      expect(progress[19]).toBe('clip 20 of 20');
      expect(progress.at(-1)).toBe('sound 65 of 65');
    }));

  it('every change of the library; the same seed gives the same result, another other noise', { timeout: 60_000 }, () =>
    withModel(async (model) => {
      const some = recordings.slice(0, 6);
      const run = (seed: number) => audit(model, some, { bootstrap: { resamples: 50 }, seed });
      const first = await run(1);
      expect(await run(1)).toEqual(first);
      const other = await run(2);
      const noisy = ['babble', 'room', 'whiteNoise', 'pinkNoise'];
      for (const [i, { name, open }] of first.robustness!.entries()) {
        const shift = other.robustness![i]!.open.shift;
        if (noisy.includes(name)) expect(shift).not.toBe(open.shift);
        else expect(shift).toBe(open.shift);
      }
      expect(first.robustness!.length).toBe(29);
    }),
  );

  it('babble is made of other speakers', () =>
    withModel(async (model) => {
      const heard: string[] = [];
      const listening: AuditDose = {
        ...{ name: 'listening', dose: 'x' },
        apply: async (waveform, { name, voices }) => {
          const own = recordings.find((clip) => clip.name === name)!;
          for (const clip of recordings.filter(({ speaker }) => speaker === own.speaker)) {
            const { samples } = await tinyExtractor.preprocess(await clip.waveform());
            if (voices.some((voice) => voice.samples[9] === samples[9])) heard.push(name);
          }
          if (voices.length < 4) heard.push(`${name} alone`);
          return waveform;
        },
      };
      await audit(model, recordings, { ...few, doses: [listening] });
      expect(heard).toEqual([]);
    }));

  it('says what is wrong', () =>
    withModel(async (model) => {
      const wrong = (data: unknown, options: object = few) => audit(model, data as never, options);
      await expect(wrong([])).rejects.toThrow('Cannot audit: there must be clips of calm, happy, sad, angry, got none');
      await expect(wrong({})).rejects.toThrow('Cannot audit: data must be recordings or an example set, got Object');
      await expect(wrong(recordings, { doses: ['echo'] })).rejects.toThrow(/doses\[0\] must be one of 'telephone'/);
      await expect(wrong(recordings, { doses: [{ name: 'a', dose: 'b' }] })).rejects.toThrow(
        /doses\[0\].apply must be/,
      );
      await expect(wrong(recordings, { merge: { calm: 'x' } })).rejects.toThrow(/merge must be one of/);
      await expect(audit({} as never, recordings)).rejects.toThrow('Cannot audit: settings must be an object');
      const broken: AuditDose = { ...halved, apply: () => ({ samples: new Float32Array(0), sampleRate: 16_000 }) };
      await expect(wrong(recordings, { doses: [broken] })).rejects.toThrow('Cannot audit with halved, 1 / 2: samples');
    }));
});
