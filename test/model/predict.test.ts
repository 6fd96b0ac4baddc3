import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { applyTemperature, type Prediction, predict, predictWhole } from '../../src/model/predict.ts';
import { windowsOf } from '../../src/model/windowsOf.ts';
import { tinyExtractor, tinyMatrix, tinyModel, tinySettings } from './tinyModel.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Runs `work` and holds that it leaves no tensor behind, however it ends. */
async function withoutLeak<T>(work: () => Promise<T>): Promise<T> {
  const before = tf.memory().numTensors;
  try {
    return await work();
  } finally {
    expect(tf.memory().numTensors).toBe(before);
  }
}

/** The network's probabilities for normalised rows, without any of the code under test. */
async function byHand(network: tfl.LayersModel, rows: number[][]): Promise<number[]> {
  const input = tf.tensor(rows.flat(), [1, rows.length, 8, 1]);
  const output = network.predict(input) as tf.Tensor;
  const values = Array.from(await output.data());
  tf.dispose([input, output]);
  return values;
}

const normalizedRows = (matrix: { values: Float32Array }, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) =>
    Array.from(matrix.values.subarray((from + i) * 8, (from + i + 1) * 8), (value) => Math.fround((value + 60) / 15)),
  );

describe('predict', () => {
  it('sums windows and pads short matrices with silence (oracle: the network on rows laid out by hand)', async () => {
    const model = tinyModel();
    const long = tinyMatrix(35, 1); // windows 0-20, 10-30, 15-35
    const short = tinyMatrix(7, 2); // 6 frames of silence before, 7 after
    const silence = Array.from(tinyExtractor.silence, (value) => Math.fround((value + 60) / 15));
    const parts = [];
    for (const from of [0, 10, 15]) parts.push(await byHand(model.network, normalizedRows(long, from, from + 20)));
    const padded = [...Array(6).fill(silence), ...normalizedRows(short, 0, 7), ...Array(7).fill(silence)];
    const [first, second] = (await withoutLeak(() => predict(model, [long, short]))) as [Prediction, Prediction];

    expect(first.windows.map(({ startFrame, endFrame }) => [startFrame, endFrame])).toEqual([
      [0, 20],
      [10, 30],
      [15, 35],
    ]);
    for (const [label, probability] of first.probabilities.entries()) {
      expect(probability).toBeCloseTo(parts.reduce((sum, part) => sum + part[label]!, 0) / 3, 6);
      for (const [i, window] of first.windows.entries())
        expect(window.probabilities[label]).toBeCloseTo(parts[i]![label]!, 6);
    }
    const expected = await byHand(model.network, padded);
    for (const [label, probability] of second.probabilities.entries())
      expect(probability).toBeCloseTo(expected[label]!, 6);
    expect(second.windows).toHaveLength(1);
    expect(second.windows[0]).toMatchObject({ startFrame: 0, endFrame: 7 });
    model.network.dispose();
  });

  it('averages over places a frame apart where the settings say so (oracle: the network on rows laid out by hand)', async () => {
    const model = tinyModel({ window: { frames: 20, hopFrames: 10, shifts: 3 } });
    const silence = Array.from(tinyExtractor.silence, (value) => Math.fround((value + 60) / 15));
    const quiet = (count: number) => Array(count).fill(silence);
    const [long, short] = [tinyMatrix(30, 1), tinyMatrix(7, 2)]; // of the long one, windows 0-20, 10-30, which have one place
    const placed = [0, 10].map((from) => [normalizedRows(long, from, from + 20)]);
    placed.push([5, 6, 7].map((before) => [...quiet(before), ...normalizedRows(short, 0, 7), ...quiet(13 - before)]));
    const means: number[][] = [];
    for (const places of placed) {
      const outputs: number[][] = [];
      for (const rows of places) outputs.push(await byHand(model.network, rows));
      const shareOf = (label: number) => outputs.reduce((sum, output) => sum + output[label]! / places.length, 0);
      means.push(outputs[0]!.map((_, label) => shareOf(label)));
    }
    const [first, second] = (await withoutLeak(() => predict(model, [long, short]))) as [Prediction, Prediction];
    for (let label = 0; label < 4; label++) {
      for (const i of [0, 1]) expect(first.windows[i]!.probabilities[label]).toBeCloseTo(means[i]![label]!, 6);
      expect(first.probabilities[label]).toBeCloseTo((means[0]![label]! + means[1]![label]!) / 2, 6);
      expect(second.probabilities[label]).toBeCloseTo(means[2]![label]!, 6);
    }
    model.network.dispose();
  });

  it('gives of frames that come piece by piece what it gives of all of them, with and without shifts', async () => {
    for (const shifts of [1, 3]) {
      const model = tinyModel({ window: { frames: 20, hopFrames: 10, shifts } });
      for (const frames of [7, 20, 21, 64]) {
        const matrix = tinyMatrix(frames, frames);
        const pieces = async function* () {
          for (let at = 0; at < frames; at += 5) {
            const count = Math.min(5, frames - at);
            yield { values: matrix.values.subarray(8 * at, 8 * (at + count)), frames: count, bins: 8 };
          }
        };
        const whole = await withoutLeak(() => predictWhole(model, windowsOf(pieces(), model.settings.window), {}));
        const [prediction] = await predict(model, [matrix]);
        for (const [label, probability] of prediction!.probabilities.entries()) {
          expect(whole![label]).toBeCloseTo(probability, 6);
        }
      }
      model.network.dispose();
    }
  });

  it('gives the same for every batch size, and reports each prediction in order', async () => {
    const model = tinyModel();
    const matrices = [tinyMatrix(35, 1), tinyMatrix(7, 2), tinyMatrix(52, 3), tinyMatrix(20, 4)];
    const whole = await predict(model, matrices);
    for (const batchSize of [1, 2, 3, 64]) {
      const told: number[] = [];
      const onPrediction = (prediction: Prediction, index: number) => {
        told.push(index);
        expect(prediction.windows.length).toBeGreaterThan(0);
      };
      const predictions = await withoutLeak(() => predict(model, matrices, { batchSize, onPrediction }));
      expect(told).toEqual([0, 1, 2, 3]);
      expect(predictions).toEqual(whole);
    }
    expect(await predict(model, [])).toEqual([]);
    model.network.dispose();
  });

  it('does not change the features', async () => {
    const model = tinyModel();
    const matrix = tinyMatrix(35);
    await predict(model, [matrix]);
    expect(matrix.values).toEqual(tinyMatrix(35).values);
    model.network.dispose();
  });

  it('feeds a network without a channel axis, and one of fixed frames', async () => {
    const network = tfl.sequential({
      layers: [tfl.layers.flatten({ inputShape: [20, 8] }), tfl.layers.dense({ units: 4, activation: 'softmax' })],
    });
    const [prediction] = await withoutLeak(() => predict({ network, settings: tinySettings() }, [tinyMatrix(31)]));
    expect(prediction!.windows).toHaveLength(3);
    expect(prediction!.probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    network.dispose();
  });

  it('calibrates windows and sums by temperature (oracle: temper)', async () => {
    const plain = tinyModel();
    const calibrated = { ...plain, settings: tinySettings({ calibration: { temperature: 2 } }) };
    const [raw] = await predict(plain, [tinyMatrix(35)]);
    const [soft] = await predict(calibrated, [tinyMatrix(35)]);
    for (const [i, p] of applyTemperature(raw!.probabilities, 2).entries())
      expect(soft!.probabilities[i]).toBeCloseTo(p, 6);
    const window = applyTemperature(raw!.windows[1]!.probabilities, 2);
    for (const [i, p] of window.entries()) expect(soft!.windows[1]!.probabilities[i]).toBeCloseTo(p, 6);
    plain.network.dispose();
  });

  it('stops when aborted, before and between batches, without leaks', async () => {
    const model = tinyModel();
    const reason = new Error('enough');
    await withoutLeak(() =>
      expect(predict(model, [tinyMatrix(35)], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason),
    );
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason)); // gets through only if the loop lets timers run
    let count = 0;
    const matrices = Array.from({ length: 3000 }, () => tinyMatrix(20));
    const running = predict(model, matrices, { batchSize: 1, signal: controller.signal, onPrediction: () => count++ });
    await withoutLeak(() => expect(running).rejects.toBe(reason));
    expect(count).toBeLessThan(3000);
    model.network.dispose();
  });

  it('refuses features of other bins, empty batches, and networks whose outputs are no probabilities', async () => {
    const model = tinyModel();
    await withoutLeak(async () => {
      const matrix = { values: new Float32Array(30), frames: 10, bins: 3 };
      await expect(predict(model, [tinyMatrix(3), matrix])).rejects.toThrow(
        new RangeError('Cannot predict: features must have 8 bins, got 3'),
      );
      await expect(predict(model, [], { batchSize: 0 })).rejects.toThrow(RangeError);
      const broken = tinyMatrix(20);
      broken.values[77] = Number.NaN;
      await expect(predict(model, [tinyMatrix(3), broken])).rejects.toThrow(
        new RangeError('Cannot predict: features must be finite, got NaN'),
      );
      vi.spyOn(model.network, 'predict').mockImplementation(() => tf.zeros([1, 4])); // as of a lost WebGL context
      await expect(predict(model, [tinyMatrix(20)])).rejects.toThrow(/must give 4 probabilities, got \[0, 0, 0, 0\]/);
      vi.restoreAllMocks();
      const bias = model.network.weights.at(-1)!;
      const none = tf.fill([4], Number.NaN);
      bias.write(none);
      none.dispose();
      await expect(predict(model, [tinyMatrix(20)])).rejects.toThrow(
        /must give 4 probabilities, got \[NaN.* on backend cpu/,
      );
    });
    model.network.dispose();
  });
});

describe('temper', () => {
  it('is the softmax of logits over the temperature (oracle: closed form)', () => {
    const logits = [1, -2, 0.5, 3];
    const softmax = (temperature: number) => {
      const powers = logits.map((logit) => Math.exp(logit / temperature));
      return powers.map((power) => power / powers.reduce((a, b) => a + b));
    };
    for (const temperature of [0.25, 1, 1.7, 10]) {
      const tempered = applyTemperature(softmax(1), temperature);
      for (const [i, p] of softmax(temperature).entries()) expect(tempered[i]).toBeCloseTo(p, 6);
    }
  });

  it('scales sums, keeps zeros, and does not underflow', () => {
    expect(Array.from(applyTemperature([3, 1, 0], 1))).toEqual([0.75, 0.25, 0]);
    expect(Array.from(applyTemperature([1e-30, 1e-31], 0.01))).toEqual([1, 0]);
  });
});
