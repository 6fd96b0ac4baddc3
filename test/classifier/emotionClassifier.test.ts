import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { AudioInput } from '../../src/audio/soundPieces.ts';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import { AudioFormatError, ModelFormatError } from '../../src/core/errors.ts';
import { fromIoArtifacts } from '../../src/model/ioArtifacts.ts';
import { toArtifact } from '../../src/model/modelArtifact.ts';
import { predict } from '../../src/model/predict.ts';
import { tinyExtractor, tinyModel, tinyNetwork, tinySettings } from '../model/tinyModel.ts';
import { expectNoLeak } from '../support/backends.ts';
import { spoken } from '../support/spoken.ts';
import { encodeWav } from '../support/wav.ts';
import { sound } from './sound.ts';
import { withClassifier } from './withClassifier.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Calls a method by its name. */
function called(
  classifier: EmotionClassifier,
  name: 'classify' | 'timeline' | 'explain',
  input: AudioInput,
  options: unknown,
): Promise<unknown> {
  return (classifier[name] as (input: AudioInput, options: unknown) => Promise<unknown>).call(
    classifier,
    input,
    options,
  );
}

describe('classify', () => {
  it('gives what predict gives for the extracted features, sorted (oracle: the parts by themselves)', () =>
    withClassifier(async (classifier) => {
      const waveform = sound(1.7);
      const result = spoken(await classifier.classify(waveform));
      const [prediction] = await predict(classifier.model, [await tinyExtractor.extract(waveform)]);
      expect(prediction!.windows.length).toBeGreaterThan(1);
      const probabilities = Object.fromEntries(
        classifier.labels.map((label, i) => [label, prediction!.probabilities[i]]),
      );
      expect(Object.fromEntries(result.scores.map(({ label, score }) => [label, score]))).toEqual(probabilities);
      const scores = result.scores.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(scores.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
      expect(result).toMatchObject({ label: result.scores[0]!.label, confidence: result.scores[0]!.score });
    }));

  it('hears the same in samples, bytes, buffers and blobs', () =>
    withClassifier(async (classifier) => {
      const { samples, sampleRate } = sound(0.8);
      const bytes = encodeWav(samples, sampleRate, { encoding: 'float32' });
      const expected = await classifier.classify({ samples, sampleRate });
      for (const input of [bytes, bytes.buffer, Buffer.from(bytes), new Blob([bytes])]) {
        expect(await classifier.classify(input)).toEqual(expected);
      }
    }));

  it('answers for a single sample and for silence', () =>
    withClassifier(async (classifier) => {
      for (const length of [1, 100, 16000]) {
        const silence = { samples: new Float32Array(length), sampleRate: 16000 };
        expect(spoken(await classifier.classify(silence)).scores).toHaveLength(4);
        expect(await classifier.classify(silence, { vad: {} })).toEqual({ speech: false });
      }
    }));

  it('keeps the topK likeliest labels', () =>
    withClassifier(async (classifier) => {
      const waveform = sound(0.5);
      const all = spoken(await classifier.classify(waveform));
      for (const topK of [1, 3, 4, 100]) {
        const result = await classifier.classify(waveform, { topK });
        expect(result).toEqual({ ...all, scores: all.scores.slice(0, topK) });
      }
      for (const topK of [0, -1, 1.5, Number.NaN]) {
        await expect(classifier.classify(waveform, { topK })).rejects.toThrow(RangeError);
      }
    }));

  it.each([
    ['classify', { topk: 1 }],
    ['classify', { topK: '2' }],
    ['classify', { trim: 1 }],
    ['classify', null],
    ['classify', { signal: {} }],
    ['timeline', { hopSeconds: '1' }],
    ['timeline', { windowSecond: 1 }],
    ['timeline', { onProgress: {} }],
    ['timeline', null],
    ['timeline', { topK: null }],
    ['explain', { step: 3 }],
    ['explain', { trim: 'no' }],
    ['explain', null],
    ['explain', { signal: 7 }],
  ] as const)('%s refuses options of the wrong type or name: %j', (call, options) =>
    withClassifier(async (classifier) => {
      await expect(called(classifier, call, sound(0.3), options)).rejects.toThrow(TypeError);
      await expect(called(classifier, call, sound(0.3), options)).rejects.toThrow(/^Cannot (classify|make a|explain)/);
    }),
  );

  it.each(['classify', 'timeline', 'explain'] as const)('%s takes a bound for how much is decoded', (call) =>
    withClassifier(async (classifier) => {
      const { samples, sampleRate } = sound(0.5);
      const bytes = encodeWav(samples, sampleRate);
      await called(classifier, call, bytes, { maxSeconds: 0.6 });
      await expect(called(classifier, call, bytes, { maxSeconds: 0.4 })).rejects.toThrow(/maxSeconds/);
    }),
  );

  it('does not mix up calls that are under way at once', () =>
    withClassifier(async (classifier) => {
      const inputs = Array.from({ length: 8 }, (_, i) => sound(0.3 + 0.2 * i, 16000, i));
      const alone = [];
      for (const input of inputs) alone.push(await classifier.classify(input));
      expect(await Promise.all(inputs.map((input) => classifier.classify(input)))).toEqual(alone);
    }));

  it('throws its documented errors and no others, leaking nothing', () =>
    withClassifier(async (classifier) => {
      await expect(classifier.classify(new Uint8Array())).rejects.toThrow(AudioFormatError);
      await expect(classifier.classify(new TextEncoder().encode('hello'))).rejects.toThrow(AudioFormatError);
      await expect(classifier.classify('speech.wav' as never)).rejects.toThrow(TypeError);
      await expect(classifier.classify(undefined as never)).rejects.toThrow(TypeError);
      await expect(classifier.classify({ samples: new Float32Array(), sampleRate: 16000 })).rejects.toThrow(RangeError);
      await expect(classifier.classify({ samples: Float32Array.of(0, NaN), sampleRate: 16000 })).rejects.toThrow(
        AudioFormatError,
      );
      const reason = new Error('enough');
      await expect(classifier.classify(sound(0.2), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
          const outcome = await classifier.classify(bytes).catch((error: unknown) => error);
          expect(
            outcome instanceof AudioFormatError || typeof (outcome as { label?: unknown }).label === 'string',
          ).toBe(true);
        }),
        { numRuns: 50 },
      );
    }));

  it('keeps memory flat over 1000 classifications', { timeout: 120_000 }, () =>
    withClassifier(async (classifier) => {
      const waveform = sound(0.4);
      setFlagsFromString('--expose_gc');
      const collect = runInNewContext('gc') as () => void;
      const held = () => {
        collect();
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        return heapUsed + arrayBuffers;
      };
      for (let i = 0; i < 100; i++) await classifier.classify(waveform);
      const before = { ...tf.memory(), held: held() };
      for (let i = 0; i < 1000; i++) await classifier.classify(waveform);
      const { numTensors, numBytes, numDataBuffers } = tf.memory();
      expect({ numTensors, numBytes, numDataBuffers }).toEqual({
        numTensors: before.numTensors,
        numBytes: before.numBytes,
        numDataBuffers: before.numDataBuffers,
      });
      expect(held() - before.held).toBeLessThan(4e6); // a sixth of 1000 waveforms
    }),
  );
});

describe('timeline', () => {
  it('covers the recording with segments in its own time (oracle: by hand, 40 frames a second)', () =>
    withClassifier(async (classifier) => {
      const segments = await classifier.timeline(sound(1.83, 44100));
      // 0.5 s windows (20 frames) every 0.5 s of 1.83 s: 1 + ⌊1.83 · 40⌋ = 74 frames, the last window from frame 54.
      expect(segments.map(({ start, end }) => [start, end])).toEqual([
        [0, 0.5],
        [0.5, 1],
        [1, 1.5],
        [1.35, 1.83],
      ]);
      const fine = await classifier.timeline(sound(1.83, 44100), { hopSeconds: 0.25, windowSeconds: 0.75, topK: 2 });
      expect(fine.map(({ start, end }) => [start, end])).toEqual([
        [0, 0.75],
        [0.25, 1],
        [0.5, 1.25],
        [0.75, 1.5],
        [1, 1.75],
        [1.1, 1.83],
      ]);
      expect(fine[0]!.scores).toHaveLength(2);
    }));

  it("gives each segment what predict gives for its frames, untrimmed (oracle: predict on the frames' copies)", () =>
    withClassifier(async (classifier) => {
      const { samples } = sound(1.2);
      const quiet = { samples: new Float32Array(16000 * 2.2), sampleRate: 16000 };
      quiet.samples.set(samples, 16000); // a second of silence first, which classify would trim
      const segments = await classifier.timeline(quiet, { hopSeconds: 0.5 });
      const { values, bins } = await tinyExtractor.extract(quiet, { trim: false });
      for (const [i, segment] of segments.slice(0, -1).entries()) {
        const { confidence, label } = spoken(segment);
        const matrix = { values: values.slice(i * 20 * bins, (i + 1) * 20 * bins), frames: 20, bins };
        const [prediction] = await predict(classifier.model, [matrix]);
        expect(confidence).toBe(Math.max(...prediction!.probabilities));
        expect(label).toBe(classifier.labels[prediction!.probabilities.indexOf(confidence)]);
      }
      expect(segments.at(-1)!.end).toBeCloseTo(2.2, 9);
    }));

  it('is one segment where the recording is short', () =>
    withClassifier(async (classifier) => {
      const [segment, ...more] = await classifier.timeline(sound(0.2));
      expect(more).toEqual([]);
      expect(segment).toMatchObject({ start: 0, end: 0.2 });
    }));

  it('reports its progress, segment by segment', () =>
    withClassifier(async (classifier) => {
      const events: unknown[] = [];
      const segments = await classifier.timeline(sound(1.5), { onProgress: (progress) => events.push(progress) });
      expect(events).toEqual(
        segments.map((segment, i) => {
          return { type: 'segment', segment, completed: i + 1, seconds: segment.end, totalSeconds: 1.5 };
        }),
      );
    }));

  it('stops half way when aborted, and refuses options that make no sense', () =>
    withClassifier(async (classifier) => {
      const controller = new AbortController();
      const reason = new Error('enough');
      const waveform = sound(20);
      let completed = 0;
      const running = classifier.timeline(waveform, {
        hopSeconds: 0.1,
        signal: controller.signal,
        onProgress: (progress) => {
          if (progress.type !== 'segment') return;
          completed = progress.completed;
          if (completed === 5) controller.abort(reason);
        },
      });
      await expect(running).rejects.toBe(reason);
      expect(completed).toBeLessThan(30);
      for (const options of [
        { hopSeconds: 0 },
        { hopSeconds: 2 },
        { windowSeconds: -1 },
        { windowSeconds: NaN },
        { topK: 0 },
      ]) {
        await expect(classifier.timeline(sound(0.3), options)).rejects.toThrow(RangeError);
      }
    }));

  it('keeps its tensors few however long the recording', () =>
    withClassifier(async (classifier) => {
      const most: number[] = [];
      for (const seconds of [10, 40]) {
        let peak = 0;
        await classifier.timeline(sound(seconds), { onProgress: () => (peak = Math.max(peak, tf.memory().numBytes)) });
        most.push(peak);
      }
      expect(most[1]).toBe(most[0]);
    }));
});

describe('the life of a classifier', () => {
  it('saves what it loads', () =>
    expectNoLeak(async () => {
      const classifier = EmotionClassifier.fromModel(tinyModel());
      let saved: tf.io.ModelArtifacts = {};
      const save = async (artifacts: tf.io.ModelArtifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
      };
      await classifier.save({ save });
      const again = await EmotionClassifier.load({ load: async () => saved });
      expect(again.settings).toEqual(classifier.settings);
      expect(await again.classify(sound(0.5))).toEqual(await classifier.classify(sound(0.5)));
      const full = fromIoArtifacts(saved).weights.length;
      await classifier.save({ save }, { weightType: 'float16' });
      expect(fromIoArtifacts(saved).weights.length).toBe(full / 2);
      await expect(classifier.save({})).rejects.toThrow(TypeError);
      again.dispose();
      classifier.dispose();
    }));

  it('ends with dispose, once or twice; later calls throw', () =>
    expectNoLeak(async () => {
      const classifier = EmotionClassifier.fromModel(tinyModel());
      classifier.dispose();
      classifier[Symbol.dispose]();
      await expect(classifier.classify(sound(0.2))).rejects.toThrow('Cannot classify: the classifier is disposed');
      await expect(classifier.timeline(sound(0.2))).rejects.toThrow(
        'Cannot make a timeline: the classifier is disposed',
      );
      await expect(classifier.save({})).rejects.toThrow('Cannot save the model: the classifier is disposed');
    }));

  it('lets calls under way end before its tensors go', () =>
    expectNoLeak(async () => {
      const classifier = EmotionClassifier.fromModel(tinyModel());
      const expected = await classifier.classify(sound(0.9));
      const running = [classifier.classify(sound(0.9)), classifier.classify(new Uint8Array())];
      classifier.dispose();
      const [result, failure] = await Promise.allSettled(running);
      expect(result).toEqual({ status: 'fulfilled', value: expected });
      expect(failure!.status).toBe('rejected');
    }));

  it('does not begin with a network that does not fit its settings', () => {
    const network = tinyNetwork(1, 3);
    expect(() => EmotionClassifier.fromModel({ network, settings: tinySettings() })).toThrow(RangeError);
    network.dispose();
  });
});

describe('load', () => {
  it('fetches model.json and its weights, over http (oracle: the artefact itself)', async () => {
    const model = tinyModel();
    const { json, weights } = await toArtifact(model);
    const files = new Map<string, BodyInit>([
      ['https://models.test/a/model.json', JSON.stringify(json)],
      ['https://models.test/a/weights.bin', weights as Uint8Array<ArrayBuffer>],
      ['https://models.test/page.json', '<!doctype html><title>Not found</title>'],
      ['https://models.test/b/model.json', JSON.stringify(json)],
      ['https://models.test/b/weights.bin', weights.slice(0, 50)],
      [
        'https://models.test/c/model.json',
        JSON.stringify({ ...json, weightsManifest: [{ paths: ['../../etc/passwd'], weights: [] }] }),
      ],
      ['https://models.test/d/model.json', '[1, 2]'],
    ]);
    vi.stubGlobal('fetch', async (url: URL) => {
      if (url.hostname !== 'models.test') throw new TypeError('fetch failed');
      const body = files.get(url.href);
      return body === undefined ? new Response('', { status: 404, statusText: 'Not Found' }) : new Response(body);
    });
    try {
      const expected = EmotionClassifier.fromModel(model);
      for (const source of ['https://models.test/a/model.json', new URL('https://models.test/a/model.json')]) {
        const classifier = await EmotionClassifier.load(source);
        expect(await classifier.classify(sound(0.5))).toEqual(await expected.classify(sound(0.5)));
        classifier.dispose();
      }
      const load = (path: string) => EmotionClassifier.load(`https://models.test/${path}`);
      await expectNoLeak(async () => {
        await expect(load('none.json')).rejects.toThrow('https://models.test/none.json answered 404 Not Found');
        await expect(EmotionClassifier.load('https://other.test/x')).rejects.toThrow(
          /other\.test\/x cannot be fetched: fetch failed/,
        );
        await expect(load('page.json')).rejects.toThrow(ModelFormatError);
        await expect(load('page.json')).rejects.toThrow(/must be JSON, got 39 characters of "<!doctype html>/);
        await expect(load('b/model.json')).rejects.toThrow(/weights \(50 bytes\) are damaged/);
        await expect(load('c/model.json')).rejects.toThrow(/plain names, got "..\/..\/etc\/passwd"/);
        await expect(load('d/model.json')).rejects.toThrow(ModelFormatError);
      });
      expected.dispose();
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('points to the node entry where it is given a path', async () => {
    for (const source of ['models/mine', '/models/mine/model.json', new URL('file:///models/mine/model.json')]) {
      await expect(EmotionClassifier.load(source)).rejects.toThrow(TypeError);
      await expect(EmotionClassifier.load(source)).rejects.toThrow(/modelDirectory\(path\)/);
    }
  });

  it('refuses an invalid source, and an aborted signal', async () => {
    for (const source of [undefined, null, 3, {}, { save: async () => {} }]) {
      await expect(EmotionClassifier.load(source as never)).rejects.toThrow(TypeError);
    }
    await expect(EmotionClassifier.load({ json: {} } as never)).rejects.toThrow(ModelFormatError);
    await expect(EmotionClassifier.load({ load: async () => ({}) })).rejects.toThrow(ModelFormatError);
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(EmotionClassifier.load('https://models.test/a.json', { signal })).rejects.toBe(reason);
  });
});
