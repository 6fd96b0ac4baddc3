import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import type { StreamSegment } from '../../src/classifier/stream.ts';
import { AudioFormatError, ModelFormatError } from '../../src/core/errors.ts';
import { type AnyClassifier, RemoteClassifier } from '../../src/worker/remoteClassifier.ts';
import { serveClassifier } from '../../src/worker/serveClassifier.ts';
import { sound } from '../classifier/sound.ts';
import { tinyModel } from '../model/tinyModel.ts';
import { expectNoLeak } from '../support/backends.ts';

/* Both ends in one thread, over a message channel: what is sent is cloned as it is between threads. */

beforeAll(() => tf.setBackend('cpu'));

/** A classifier, and the same behind a channel. */
async function withBoth(work: (remote: RemoteClassifier, local: EmotionClassifier) => Promise<void>): Promise<void> {
  await expectNoLeak(async () => {
    const { port1, port2 } = new MessageChannel();
    const local = EmotionClassifier.fromModel(tinyModel());
    serveClassifier(async () => EmotionClassifier.fromModel(tinyModel()), port1);
    const remote = await RemoteClassifier.connect(port2);
    const closed = new Promise((resolve) => (port2 as unknown as NodeJS.EventEmitter).once('close', resolve));
    try {
      await work(remote, local);
    } finally {
      remote.dispose();
      local.dispose();
      await closed; // the other end has disposed of its own
    }
  });
}

async function* pieces(seconds: number, length = 1600): AsyncGenerator<Float32Array> {
  const { samples } = sound(seconds);
  for (let at = 0; at < samples.length; at += length) yield samples.subarray(at, at + length);
}

async function collect(stream: AsyncIterable<StreamSegment>): Promise<StreamSegment[]> {
  const segments: StreamSegment[] = [];
  for await (const segment of stream) segments.push(segment);
  return segments;
}

const options = { sampleRate: 16_000, windowSeconds: 0.6, hopSeconds: 0.2, whenBehind: 'wait' } as const;

describe('RemoteClassifier', () => {
  it('says what the classifier there says: whole, over time, and as it comes (oracle: the same classifier here)', () =>
    withBoth(async (remote, local) => {
      expect(remote.labels).toEqual(local.labels);
      expect(remote.settings).toEqual(local.settings);
      const waveform = sound(1.7);
      const each = async (classifier: AnyClassifier) => {
        const progress: unknown[] = [];
        const onProgress = (event: unknown) => progress.push(event);
        return [
          await classifier.classify(waveform, { topK: 2 }),
          await classifier.classify(waveform, { trim: false }),
          await classifier.timeline(waveform, { hopSeconds: 0.3, onProgress }),
          progress,
          await classifier.explain(waveform, { label: 'sad', steps: 2 }),
          await collect(classifier.stream(pieces(2), options)),
        ];
      };
      expect(await each(remote)).toEqual(await each(local));
      expect(waveform.samples).toHaveLength(27_200); // still here
    }));

  it('answers many calls at once, each its own', () =>
    withBoth(async (remote, local) => {
      const inputs = Array.from({ length: 6 }, (_, i) => sound(0.3 + 0.2 * i, 16_000, i));
      const streams = inputs.map((_, i) => collect(remote.stream(pieces(0.8 + 0.1 * i), options)));
      const results = await Promise.all(inputs.map((input) => remote.classify(input)));
      for (const [i, input] of inputs.entries()) expect(results[i]).toEqual(await local.classify(input));
      for (const [i, stream] of streams.entries()) {
        expect(await stream).toEqual(await collect(local.stream(pieces(0.8 + 0.1 * i), options)));
      }
    }));

  it('gives memory away where it is told to', () =>
    withBoth(async (remote, local) => {
      const waveform = sound(0.5);
      const wanted = await local.classify(waveform);
      expect(await remote.classify(waveform, { transfer: true })).toEqual(wanted);
      expect(waveform.samples).toHaveLength(0);
    }));

  it('throws what is thrown there', () =>
    withBoth(async (remote) => {
      await expect(remote.classify(new Uint8Array(8))).rejects.toThrow(AudioFormatError);
      await expect(remote.classify(sound(0.2), { topK: 0 })).rejects.toThrow(RangeError);
      await expect(collect(remote.stream(pieces(1), { ...options, hopSeconds: 9 }))).rejects.toThrow(
        'hopSeconds must be',
      );
      const failing = (async function* () {
        yield new Float32Array(16_000);
        throw new RangeError('unplugged');
      })();
      await expect(collect(remote.stream(failing, options))).rejects.toThrow(new RangeError('unplugged'));
    }));

  it('stops on an abort, and ends the source of a stream that is left', () =>
    withBoth(async (remote, local) => {
      const reason = new Error('enough');
      await expect(remote.classify(sound(1), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      const controller = new AbortController();
      const onProgress = () => controller.abort(reason);
      const run = remote.timeline(sound(20), { signal: controller.signal, onProgress, hopSeconds: 0.1 });
      await expect(run).rejects.toBe(reason);
      let ended = false;
      const endless = async function* () {
        try {
          for (;;) {
            await new Promise((resolve) => setImmediate(resolve));
            yield new Float32Array(1600).fill(0.1);
          }
        } finally {
          ended = true;
        }
      };
      for await (const _ of remote.stream(endless(), { ...options, gate: false })) break;
      await expect.poll(() => ended).toBe(true);
      const silent: AsyncIterable<Float32Array> = {
        [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
      };
      const waiting = new AbortController();
      const stream = collect(remote.stream(silent, { ...options, signal: waiting.signal }));
      setImmediate(() => waiting.abort(reason));
      await expect(stream).rejects.toBe(reason);
      expect(await remote.classify(sound(0.4))).toEqual(await local.classify(sound(0.4)));
    }));

  it('says so when it is disposed, also to calls under way', () =>
    withBoth(async (remote) => {
      const under = remote.classify(sound(5));
      remote.dispose();
      remote.dispose();
      await expect(under).rejects.toThrow('Cannot use the classifier: it is disposed');
      await expect(remote.classify(sound(1))).rejects.toThrow('it is disposed');
      await expect(collect(remote.stream(pieces(1), options))).rejects.toThrow('it is disposed');
    }));

  it('says so when the model cannot be loaded, the worker is gone, or it takes too long', async () => {
    const served = (load: () => Promise<EmotionClassifier>) => {
      const { port1, port2 } = new MessageChannel();
      serveClassifier(load, port1);
      return { port1, port2 };
    };
    const damaged = served(() => Promise.reject(new ModelFormatError('Cannot read the model')));
    await expect(RemoteClassifier.connect(damaged.port2)).rejects.toThrow(ModelFormatError);
    const slow = served(() => new Promise(() => {}));
    const reason = new Error('enough');
    const signal = AbortSignal.any([AbortSignal.abort(reason)]);
    await expect(RemoteClassifier.connect(slow.port2, { signal })).rejects.toBe(reason);
    slow.port1.close();
    const { port1, port2 } = new MessageChannel();
    const connecting = RemoteClassifier.connect(port2);
    port1.close();
    await expect(connecting).rejects.toThrow('its worker is gone: it was closed');
  });
});
