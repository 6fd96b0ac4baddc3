import { getEventListeners } from 'node:events';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import type { StreamSegment } from '../../src/classifier/stream.ts';
import { AudioFormatError, ModelFormatError } from '../../src/core/errors.ts';
import { type AnyClassifier, RemoteClassifier } from '../../src/worker/remoteClassifier.ts';
import { serveClassifier } from '../../src/worker/serveClassifier.ts';
import { sound } from '../classifier/sound.ts';
import { tinyModel } from '../model/tinyModel.ts';
import { encodeWav } from '../support/wav.ts';

/* Both ends in one thread, over a message channel: what is sent is cloned as it is between threads. */

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => expect.poll(() => tf.memory().numTensors).toBe(0)); // whatever was served has been disposed of

/** A classifier, and the same behind a channel. */
async function withBoth(work: (remote: RemoteClassifier, local: EmotionClassifier) => Promise<void>): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const local = EmotionClassifier.fromModel(tinyModel());
  serveClassifier(async () => EmotionClassifier.fromModel(tinyModel()), port1);
  const remote = await RemoteClassifier.connect(port2);
  try {
    await work(remote, local);
  } finally {
    remote.dispose();
    local.dispose();
  }
}

/** A thread that runs some code, and whether it has ended. */
function thread(code: string) {
  const worker = new Worker(code, { eval: true });
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  return { worker, ended };
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
  it('gives what the classifier there gives: for a recording, over time, and live (oracle: the same classifier here)', () =>
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

  it('is given streams of bytes piece by piece, and reports progress (oracle: the same classifier here)', () =>
    withBoth(async (remote, local) => {
      const { samples, sampleRate } = sound(1.2);
      const bytes = encodeWav([[...samples], [...samples].reverse()], sampleRate);
      let ended = 0;
      async function* pieces() {
        try {
          for (let at = 0; at < bytes.length; at += 777) yield bytes.subarray(at, at + 777);
        } finally {
          ended++;
        }
      }
      const body = () => new Blob([bytes]).stream();
      for (const source of [pieces, body]) {
        const calls = { here: [] as unknown[], there: [] as unknown[] };
        const onProgress = {
          here: (event: unknown) => calls.here.push(event),
          there: (event: unknown) => calls.there.push(event),
        };
        for (const options of [{}, { channel: 1 }, { channel: 'each' }] as const) {
          const here = await local.classify(bytes, { ...options, onProgress: onProgress.here });
          expect(await remote.classify(source(), { ...options, onProgress: onProgress.there })).toEqual(here);
          expect(await remote.timeline(source(), options)).toEqual(await local.timeline(bytes, options));
        }
        expect(calls.there).toEqual(calls.here);
        expect(calls.here.length).toBeGreaterThan(3);
        const explained = await remote.explain(source(), { start: 0.2, end: 0.6, steps: 2 });
        expect(explained).toEqual(await local.explain(bytes, { start: 0.2, end: 0.6, steps: 2 }));
        expect(await collect(remote.stream(source(), {}))).toEqual(await collect(local.stream(bytes)));
      }
      expect(await collect(remote.stream(new Blob([bytes]), {}))).toEqual(await collect(local.stream(bytes)));
      await expect.poll(() => ended).toBe(8);
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

  it('transfers memory where `transfer` is true', () =>
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
      for await (const _ of remote.stream(endless(), { ...options, vad: false })) break;
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

  it('rejects when it is disposed, calls in progress, too', () =>
    withBoth(async (remote) => {
      const under = remote.classify(sound(5));
      remote.dispose();
      remote.dispose();
      await expect(under).rejects.toThrow('Cannot use the classifier: it is disposed');
      await expect(remote.classify(sound(1))).rejects.toThrow('it is disposed');
      await expect(collect(remote.stream(pieces(1), options))).rejects.toThrow('it is disposed');
    }));

  it('rejects when the model cannot be loaded, whatever is wrong with load', async () => {
    const connect = (load: () => unknown) => {
      const { port1, port2 } = new MessageChannel();
      serveClassifier(load as never, port1);
      return RemoteClassifier.connect(port2);
    };
    const fault = new ModelFormatError('Cannot read the model');
    await expect(connect(() => Promise.reject(fault))).rejects.toThrow(ModelFormatError);
    const thrown = () => {
      throw fault;
    };
    await expect(connect(thrown)).rejects.toThrow(ModelFormatError);
    await expect(connect(() => undefined)).rejects.toThrow('load must give an EmotionClassifier');
    expect(() => serveClassifier(7 as never)).toThrow(TypeError);
    expect(() => serveClassifier(async () => undefined as never)).toThrow('parentPort'); // not in a worker
  });

  it('rejects when the worker is gone', async () => {
    const { port1, port2 } = new MessageChannel();
    const connecting = RemoteClassifier.connect(port2);
    port1.close();
    await expect(connecting).rejects.toThrow('its worker is gone: it was closed');
    const failing = thread('throw new RangeError("no backend")');
    await expect(RemoteClassifier.connect(failing.worker)).rejects.toThrow('its worker is gone: no backend');
    await failing.ended;
  });

  // Oracle: the thread says nothing and would run for ever, so only its being ended lets `ended` resolve.
  it.each([
    ['before', () => AbortSignal.abort(new Error('enough'))],
    ['when it takes too long', () => aborting(setImmediate)],
    ['when it takes too long, and has started', () => aborting((abort) => setTimeout(abort, 100))],
  ])('ends a worker that says nothing when connecting is aborted %s', async (_, signal) => {
    const { worker, ended } = thread('setInterval(() => {}, 1000)');
    await expect(RemoteClassifier.connect(worker, { signal: signal() })).rejects.toThrow('enough');
    await ended;
  });

  it('ends a worker where the options are wrong, and listens to no signal any longer', async () => {
    for (const options of [{ signals: 1 }, { signal: {} }, null]) {
      const { worker, ended } = thread('setInterval(() => {}, 1000)');
      await expect(RemoteClassifier.connect(worker, options as never)).rejects.toThrow(TypeError);
      await ended;
    }
    await expect(RemoteClassifier.connect(undefined as never)).rejects.toThrow(TypeError);
    await expect(RemoteClassifier.connect({ postMessage() {} })).rejects.toThrow('a Worker or a MessagePort');
    const { signal } = new AbortController();
    const { port1, port2 } = new MessageChannel();
    serveClassifier(async () => EmotionClassifier.fromModel(tinyModel()), port1);
    const remote = await RemoteClassifier.connect(port2, { signal });
    await remote.classify(sound(0.3), { signal });
    for await (const _ of remote.stream(pieces(1), { ...options, signal }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    remote.dispose();
  });

  it('dispose ends a worker that answers nothing any more', async () => {
    const silent = `
      const { parentPort } = require('node:worker_threads');
      parentPort.postMessage({ 'speech-emotion': { ready: { labels: ['a'] } } });
      setInterval(() => {}, 1000);
      parentPort.on('message', () => {});`;
    const { worker, ended } = thread(silent);
    const remote = await RemoteClassifier.connect(worker);
    const under = remote.classify(sound(0.2));
    remote.dispose();
    await expect(under).rejects.toThrow('it is disposed');
    await ended;
  });

  it('connects to a worker that was ready before, and to each once', async () => {
    const { port1, port2 } = new MessageChannel();
    serveClassifier(async () => EmotionClassifier.fromModel(tinyModel()), port1);
    port2.start(); // its first message is lost, as with a Worker that nobody listens to yet
    await ticks(20);
    const remote = await RemoteClassifier.connect(port2);
    await expect(RemoteClassifier.connect(port2)).rejects.toThrow('connected to before');
    expect((await remote.classify(sound(0.3), { vad: false })).scores).toHaveLength(4); // the first is not disturbed
    remote.dispose();
  });

  it('is disposed of there when this end goes away', async () => {
    const { port1, port2 } = new MessageChannel();
    serveClassifier(async () => EmotionClassifier.fromModel(tinyModel()), port1);
    await RemoteClassifier.connect(port2);
    expect(tf.memory().numTensors).toBeGreaterThan(0);
    port2.close();
    await expect.poll(() => tf.memory().numTensors).toBe(0);
  });

  it('rejects when memory is transferred twice, and answers other calls', () =>
    withBoth(async (remote, local) => {
      const { samples, sampleRate } = sound(0.4);
      const bytes = encodeWav(samples, sampleRate);
      for (const input of [sound(0.4), bytes, encodeWav(samples, sampleRate).buffer as ArrayBuffer]) {
        const give = () => remote.classify(input, { transfer: true });
        const [first, second] = await Promise.allSettled([give(), give()]);
        expect([first.status, second.status]).toEqual(['fulfilled', 'rejected']);
        for (const transfer of [true, false]) {
          const again = remote.classify(input, { transfer });
          await expect(again).rejects.toThrow(TypeError);
          await expect(again).rejects.toThrow("Cannot classify: the input's memory has been transferred before");
        }
      }
      expect(await remote.classify(sound(0.4))).toEqual(await local.classify(sound(0.4)));
    }));

  it('sends of a view what it shows, shared memory, and a waveform with more in it', () =>
    withBoth(async (remote, local) => {
      const { samples, sampleRate } = sound(0.6);
      const wanted = await local.classify({ samples: samples.slice(1000, 5000), sampleRate });
      const view = samples.subarray(1000, 5000);
      expect(await remote.classify({ samples: view, sampleRate })).toEqual(wanted);
      const shared = new Float32Array(new SharedArrayBuffer(4 * 4000));
      shared.set(view);
      for (const transfer of [true, false]) {
        expect(await remote.classify({ samples: shared, sampleRate }, { transfer })).toEqual(wanted);
      }
      class Recording {
        play() {}
        get samples() {
          return view;
        }
        get sampleRate() {
          return sampleRate;
        }
      }
      expect(await remote.classify(new Recording())).toEqual(wanted);
      const foreign = runInNewContext('Float32Array.from(view)', { view });
      expect(await remote.classify({ samples: foreign, sampleRate })).toEqual(wanted);
    }));

  it.each([
    ['a function as input', () => {}, {}],
    ['a symbol as input', Symbol('a'), {}],
    ['a function among the options', sound(0.2), { trim: () => {} }],
    ['nothing', undefined, {}],
    ['a string', 'speech.wav', {}],
    ['a misspelt option', sound(0.2), { transfers: true }],
    ['transfer of another type', sound(0.2), { transfer: 1 }],
    ['no options', sound(0.2), null],
    ['a signal that is none', sound(0.2), { signal: {} }],
  ])('says what is wrong with %s', (_, input, wrong) =>
    withBoth(async (remote) => {
      await expect(remote.classify(input as never, wrong as never)).rejects.toThrow(TypeError);
    }),
  );

  it.each([
    [{ hopSeconds: '1' }, 'hopSeconds must be'],
    [{ hop: 1 }, "no option named 'hop'"],
    [{ vad: () => {} }, 'must be such as can be sent'],
    [{ signal: {} }, 'signal must be'],
    [null, 'options must be'],
  ])('says what is wrong with %j of a stream, and ends its source', (wrong, message) =>
    withBoth(async (remote) => {
      let ended = false;
      const quiet = {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise<never>(() => {}),
          return: async () => {
            ended = true;
            return { done: true, value: undefined } as const;
          },
        }),
      };
      const given = wrong && { ...options, ...wrong };
      await expect(remote.stream(quiet, given as never).next()).rejects.toThrow(message);
      expect(ended).toBe(true);
      await expect(remote.stream([] as never, options).next()).rejects.toThrow('source must be an async iterable');
      const bad = (async function* () {
        yield 'sound' as never;
      })();
      await expect(collect(remote.stream(bad, options))).rejects.toThrow('must give Float32Array, got string');
    }),
  );

  it('a listener that throws is an error of its call, and stops it there', () =>
    withBoth(async (remote, local) => {
      const fault = new RangeError('in the listener');
      let told = 0;
      const onProgress = () => {
        told++;
        throw fault;
      };
      await expect(remote.timeline(sound(9), { hopSeconds: 0.05, onProgress })).rejects.toBe(fault);
      expect(await remote.classify(sound(0.4))).toEqual(await local.classify(sound(0.4)));
      expect(told).toBeLessThan(60); // of 170
    }));

  it('passes over what others send, at either end', async () => {
    const { port1, port2 } = new MessageChannel();
    serveClassifier(async () => EmotionClassifier.fromModel(tinyModel()), port1);
    const connecting = RemoteClassifier.connect(port2);
    const foreign = [
      ...['hello', '', null, undefined, 0, 1n, [], {}, { id: 1 }, { id: 1, value: 2 }, { call: 'classify' }],
      ...[{ dispose: true }, { ready: {} }, { error: null, id: 1 }, new Map(), new Uint8Array(3), { type: 'init' }],
      ...[{ 'speech-emotion': 'hello' }, { 'speech-emotion': null }, { 'speech-emotion': { id: 99, next: true } }],
      ...[{ 'speech-emotion': {} }, { 'speech-emotion': { id: 99, value: 1 } }, { 'speech-emotion': [] }],
    ];
    const disturb = () => {
      for (const message of foreign) for (const port of [port1, port2]) port.postMessage(message);
    };
    disturb();
    const remote = await connecting;
    disturb();
    const results = [remote.classify(sound(0.4)), remote.classify(sound(0.4))];
    disturb();
    expect(await results[0]).toEqual(await results[1]);
    for await (const _ of remote.stream(pieces(1), options)) disturb();
    remote.dispose();
  });

  it.each([
    [
      'gives',
      (resolve: (result: IteratorResult<Float32Array>) => void) => resolve({ done: false, value: new Float32Array(9) }),
    ],
    ['fails', (_: unknown, reject: (error: Error) => void) => reject(new Error('late'))],
  ])('stands when it is disposed of while a source %s', (_, settle) =>
    withBoth(async (remote) => {
      let end = () => {};
      const source = {
        [Symbol.asyncIterator]: () => ({
          next: () =>
            new Promise<IteratorResult<Float32Array>>((resolve, reject) => {
              end = () => settle(resolve, reject);
            }),
        }),
      };
      const pending = remote.stream(source, options).next();
      pending.catch(() => {});
      await ticks(10);
      remote.dispose();
      end();
      await expect(pending).rejects.toThrow('it is disposed');
      await ticks(5); // a rejection that nobody handles would fail the test
    }),
  );

  it('is stopped there by an abort, whenever it comes: nothing stays under way', async () => {
    const { port1, port2 } = new MessageChannel();
    serveClassifier(async () => EmotionClassifier.fromModel(tinyModel()), port1);
    const remote = await RemoteClassifier.connect(port2);
    const quiet: AsyncIterable<Float32Array> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
    };
    const calls: ((signal: AbortSignal) => Promise<unknown>)[] = [
      (signal) => remote.classify(sound(1), { signal }),
      (signal) => remote.timeline(sound(3), { signal, hopSeconds: 0.05 }),
      (signal) => remote.explain(sound(1), { signal }),
      (signal) => collect(remote.stream(quiet, { ...options, signal })),
    ];
    for (const call of calls) {
      for (const count of [0, 0, 1, 2, 3, 5, 8, 13]) {
        const controller = new AbortController();
        const reason = new Error('enough');
        const run = call(controller.signal).catch((error) => error);
        if (count > 0) await ticks(count);
        controller.abort(reason);
        const outcome = await run;
        if (outcome instanceof Error) expect(outcome).toBe(reason);
        expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
      }
    }
    remote.dispose(); // the worker's end waits for every call to be over
    await expect.poll(() => tf.memory().numTensors).toBe(0);
  });

  it('is stopped before its model is there: nothing stays under way', async () => {
    const { port1, port2 } = new MessageChannel();
    let loaded = (_: EmotionClassifier) => {};
    serveClassifier(() => new Promise((resolve) => (loaded = resolve)), port1);
    port2.postMessage({ 'speech-emotion': { id: 1, call: 'stream', options } });
    port2.postMessage({ 'speech-emotion': { id: 1, abort: true } });
    port2.postMessage({ 'speech-emotion': { dispose: true } });
    await ticks(5);
    loaded(EmotionClassifier.fromModel(tinyModel()));
    await expect.poll(() => tf.memory().numTensors).toBe(0);
  });
});

/** A signal that aborts when its turn comes. */
function aborting(later: (abort: () => void) => void): AbortSignal {
  const controller = new AbortController();
  later(() => controller.abort(new Error('enough')));
  return controller.signal;
}

async function ticks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

describe('RemoteClassifier#personalise', () => {
  const labels = ['calm', 'happy', 'sad', 'angry'];
  const clips = labels.flatMap((label, i) =>
    [0, 1].map((take) => ({ sound: sound(0.7, 16_000, 10 * i + take + 1), label })),
  );
  const anything = { vad: false } as const;
  const heard = sound(0.9);

  it('makes of clips what the classifier there makes of them, and keeps it there (oracle: the same classifier here)', () =>
    withBoth(async (remote, local) => {
      const bytes = clips.map((clip) => ({
        ...clip,
        sound: encodeWav(clip.sound.samples, 16_000, { encoding: 'float32' }),
      }));
      const blobs = bytes.map((clip) => ({ ...clip, sound: new Blob([clip.sound as BlobPart]) }));
      const expected = await local.personalise(clips, anything);
      for (const given of [clips, bytes, blobs]) {
        const progress: unknown[] = [];
        const personal = await remote.personalise(given, { ...anything, onProgress: (event) => progress.push(event) });
        expect(progress).toHaveLength(clips.length);
        expect(progress.at(-1)).toEqual({ type: 'clip', completed: 8, total: 8, speech: true });
        expect(personal.adaptation).toEqual(expected.adaptation);
        expect(personal.labels).toEqual(labels);
        expect(await personal.classify(heard, anything)).toEqual(await expected.classify(heard, anything));
        expect(await personal.timeline(heard, anything)).toEqual(await expected.timeline(heard, anything));
        expect(await personal.explain(heard, { steps: 2 })).toEqual(await expected.explain(heard, { steps: 2 }));
        expect(await collect(personal.stream(heard, anything))).toEqual(
          await collect(expected.stream(heard, anything)),
        );
        expect(await remote.classify(heard, anything)).toEqual(await local.classify(heard, anything));
        personal.dispose();
        await expect(personal.classify(heard)).rejects.toThrow('it is disposed');
      }
      expect(clips[0]!.sound.samples).toHaveLength(11_200); // still here
      const again = await remote.personalise(expected.adaptation!);
      expect(await again.classify(heard, anything)).toEqual(await expected.classify(heard, anything));
      const further = await again.personalise(clips, anything);
      expect(further.adaptation).toEqual(expected.adaptation);
      for (const one of [again, further, expected]) one.dispose();
    }));

  it('works on a worker whose own classifier is for a speaker', async () => {
    const { port1, port2 } = new MessageChannel();
    serveClassifier(async () => {
      const classifier = EmotionClassifier.fromModel(tinyModel());
      return classifier.personalise(clips.slice(0, 3), anything).finally(() => classifier.dispose());
    }, port1);
    const remote = await RemoteClassifier.connect(port2);
    const local = EmotionClassifier.fromModel(tinyModel());
    const [one, other] = [await remote.personalise(clips, anything), await local.personalise(clips, anything)];
    expect(one.adaptation).toEqual(other.adaptation);
    for (const classifier of [remote, one, other, local]) classifier.dispose();
  });

  it('ends the worker with the last of its classifiers, and what is in progress with its own', async () => {
    for (const first of ['remote', 'personal']) {
      const { port1, port2 } = new MessageChannel();
      serveClassifier(async () => EmotionClassifier.fromModel(tinyModel()), port1);
      const remote = await RemoteClassifier.connect(port2);
      const personal = await remote.personalise(clips, anything);
      const [one, other] = first === 'remote' ? [remote, personal] : [personal, remote];
      const working = one.classify(sound(3), anything);
      one.dispose();
      one.dispose();
      await expect(working).rejects.toThrow('it is disposed');
      await other.classify(heard, anything);
      other.dispose();
      await expect.poll(() => tf.memory().numTensors).toBe(0);
    }
  });

  it('leaves nothing there of what fails or is aborted', () =>
    withBoth(async (remote) => {
      const before = tf.memory().numTensors;
      await expect(remote.personalise([{ ...clips[0]!, label: 'bored' }])).rejects.toThrow(RangeError);
      await expect(remote.personalise(new Uint8Array(9))).rejects.toThrow(ModelFormatError);
      await expect(remote.personalise([{ sound: new Uint8Array(9), label: 'sad' }])).rejects.toThrow(AudioFormatError);
      for (let calls = 1; calls <= clips.length; calls++) {
        const controller = new AbortController();
        const onProgress = ({ completed }: { completed: number }) =>
          completed === calls && controller.abort(new Error('enough'));
        const work = remote.personalise(clips, {
          ...anything,
          onProgress: (event) => void onProgress(event),
          signal: controller.signal,
        });
        await expect(work).rejects.toThrow('enough');
      }
      await remote.classify(heard, anything);
      await expect.poll(() => tf.memory().numTensors).toBe(before);
    }));
});
