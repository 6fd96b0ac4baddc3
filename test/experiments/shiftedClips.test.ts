import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { measureShift } from '../../experiments/robustness/shiftedClips.ts';
import { RandomStream } from '../../src/core/random.ts';
import type { Recording } from '../../src/dataset/recording.ts';
import { predict } from '../../src/model/predict.ts';
import { tinyExtractor, tinyModel } from '../model/tinyModel.ts';
import { expectNoLeak } from '../support/backends.ts';

beforeAll(() => tf.setBackend('cpu'));

/** A clip of noise that grows, so that its beginning matters. */
function clip(index: number, label: string, asked?: string[]): Recording {
  const random = new RandomStream(1, 'clip', index);
  const samples = Float32Array.from({ length: 7000 + 311 * index }, (_, i) => (random.normal() * i) / 70_000);
  const waveform = async () => ({ samples, sampleRate: 16000 });
  const bytes = () => Promise.reject(new Error('not asked for'));
  return { name: `clip ${index}`, label, speaker: 'a', groups: {}, asked, bytes, waveform };
}

describe('measureShift', () => {
  it('counts changed labels and sums changes (oracle: predictions of clips cut by hand)', async () => {
    const clips = Array.from({ length: 12 }, (_, i) => clip(i, ['calm', 'happy', 'sad', 'angry'][i % 4]!));
    await expectNoLeak(async () => {
      const model = tinyModel();
      const result = await measureShift(model, 'noise', clips);
      let [changed, distance, hits] = [0, 0, 0];
      for (const one of clips) {
        const { samples, sampleRate } = await one.waveform();
        const features = [samples, samples.slice(400)].map((part) =>
          tinyExtractor.extract({ samples: part, sampleRate }),
        );
        const [a, b] = (await predict(model, await Promise.all(features))).map(({ probabilities }) => [
          ...probabilities,
        ]);
        const best = (values: number[]) => values.indexOf(Math.max(...values));
        if (best(a!) !== best(b!)) changed++;
        if (model.settings.labels[best(a!)] === one.label) hits++;
        distance += a!.reduce((sum, value, i) => sum + Math.abs(value - b![i]!), 0) / 2;
      }
      expect(result).toMatchObject({ corpus: 'noise', clips: 12 });
      expect(result.shifts.cut.changed).toBe(changed / 12);
      expect(result.shifts.cut.changedRestricted).toBe(changed / 12);
      expect(result.shifts.cut.distance).toBeCloseTo(distance / 12, 12);
      expect(result.uar).toBeCloseTo(hits / 12, 12); // three clips a label
      expect(result.shifts.frame.distance).toBeGreaterThan(0);
      model.network.dispose();
    });
  });

  it('lets only the labels compete that a corpus asked for, leaves out clips of two frames, and stops when told', async () => {
    const clips = [0, 1, 2, 3].map((i) => clip(i, 'happy', ['happy']));
    const short = {
      ...clip(4, 'happy'),
      waveform: async () => ({ samples: new Float32Array(700), sampleRate: 16000 }),
    };
    await expectNoLeak(async () => {
      const model = tinyModel();
      let seen = 0;
      const result = await measureShift(model, 'happy', [...clips, short], { onClip: () => seen++ });
      expect(seen).toBe(5);
      expect(result).toMatchObject({ clips: 4, uarRestricted: 1 });
      expect(result.shifts.cut.changedRestricted).toBe(0);
      const signal = AbortSignal.abort(new Error('enough'));
      await expect(measureShift(model, 'happy', clips, { signal })).rejects.toThrow('enough');
      model.network.dispose();
    });
  });
});
