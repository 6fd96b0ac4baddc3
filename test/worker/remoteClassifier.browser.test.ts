import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { RemoteClassifier } from '../../src/worker/remoteClassifier.ts';
import { sound } from '../classifier/sound.ts';
import { tinyModel } from '../model/tinyModel.ts';

const start = () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

it('a Web Worker gives what the same classifier gives here', async () => {
  await tf.setBackend('cpu');
  const local = EmotionClassifier.fromModel(tinyModel());
  const remote = await RemoteClassifier.connect(start());
  const waveform = sound(1.2);
  expect(await remote.classify(waveform)).toEqual(await local.classify(waveform));
  expect(await remote.timeline(waveform)).toEqual(await local.timeline(waveform));
  const buffer = new AudioBuffer({ length: waveform.samples.length, sampleRate: waveform.sampleRate });
  buffer.copyToChannel(waveform.samples as Float32Array<ArrayBuffer>, 0);
  expect(await remote.classify(buffer)).toEqual(await local.classify(waveform));
  const source = async function* () {
    for (let i = 0; i < 12; i++) yield waveform.samples.subarray(1600 * i, 1600 * (i + 1));
  };
  const options = { sampleRate: 16_000, windowSeconds: 0.5, whenBehind: 'wait' } as const;
  const segments = [];
  for await (const segment of remote.stream(source(), options)) segments.push(segment);
  const wanted = [];
  for await (const segment of local.stream(source(), options)) wanted.push(segment);
  expect(segments).toEqual(wanted);
  remote.dispose();
  local.dispose();
});

it('a Web Worker is personalised as the same classifier is here, and what is kept of it is used by both', async () => {
  await tf.setBackend('cpu');
  const local = EmotionClassifier.fromModel(tinyModel());
  const remote = await RemoteClassifier.connect(start());
  const heard = sound(0.9);
  const clips = local.labels.map((label, i) => ({ sound: sound(0.6, 16_000, i + 1), label }));
  const personal = await remote.personalise(clips, { vad: false });
  const expected = await local.personalise(clips, { vad: false });
  expect(personal.adaptation).toEqual(expected.adaptation);
  const again = await local.personalise(personal.adaptation!);
  const answer = await again.classify(heard, { vad: false });
  expect(await personal.classify(heard, { vad: false })).toEqual(answer);
  expect(answer).not.toEqual(await local.classify(heard, { vad: false }));
  for (const one of [personal, remote, expected, again, local]) one.dispose();
});

const urls = import.meta.glob<string>('../fixtures/audio/*', { query: '?url', import: 'default', eager: true });

/** A recording, as a page has it from an input. */
async function file(name: string): Promise<File> {
  const response = await fetch(urls[`../fixtures/audio/${name}`]!);
  return new File([await response.arrayBuffer()], name);
}

describe('a recording that is sent to a Web Worker', () => {
  const Platform = globalThis.OfflineAudioContext;
  afterEach(() => {
    globalThis.OfflineAudioContext = Platform;
  });

  it('sounds there as it does here, whatever its format (oracle: the classifier of the page)', async () => {
    await tf.setBackend('cpu');
    const local = EmotionClassifier.fromModel(tinyModel());
    const remote = await RemoteClassifier.connect(start());
    for (const name of ['speech.m4a', 'adts.aac', 'speech.opus', 'speech.webm', 'vorbis.webm', 'speech.mp3']) {
      const sound = await file(name);
      const wanted = await local.classify(sound);
      expect(await remote.classify(sound), name).toEqual(wanted);
      const bytes = new Uint8Array(await sound.arrayBuffer());
      expect(await remote.classify(bytes, { transfer: true }), name).toEqual(wanted);
      expect(bytes).toHaveLength(0); // given away, and decoded nevertheless
      expect(await remote.timeline(sound), name).toEqual(await local.timeline(sound));
    }
    remote.dispose();
    local.dispose();
  });

  it('is decoded by the worker where it can, by the page where it cannot', async () => {
    const remote = await RemoteClassifier.connect(start());
    globalThis.OfflineAudioContext = undefined as never;
    for (const name of ['speech.opus', 'speech.webm']) {
      expect((await remote.classify(await file(name))).label).toEqual(expect.any(String));
    }
    await expect(remote.classify(await file('speech.m4a'))).rejects.toThrow(
      /found an MP4 file \(M4A\) with AAC; .*speech.m4a/,
    );
    globalThis.OfflineAudioContext = Platform;
    expect((await remote.classify(await file('speech.m4a'))).label).toEqual(expect.any(String));
    remote.dispose();
  });

  it('is bounded, stopped and refused as it is here', async () => {
    const remote = await RemoteClassifier.connect(start());
    const sound = await file('speech.m4a');
    await expect(remote.classify(sound, { maxSeconds: 0.5 })).rejects.toThrow('found over 0.5 seconds of sound');
    const reason = new Error('enough');
    await expect(remote.classify(sound, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const stopped = remote.classify(sound, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 1);
    await expect(stopped).rejects.toBe(reason);
    const amr = new File(['#!AMR\n\x3c1234'], 'note.amr');
    const error = await remote.classify(amr).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(AudioFormatError);
    expect(error.file).toBe('note.amr');
    expect(error.message).toMatch(/found an AMR file \(narrow band\); .*what this browser can play; ffmpeg converts/);
    expect((await remote.classify(sound)).label).toEqual(expect.any(String)); // still there
    remote.dispose();
  });
});

it('a worker that fails says why', async () => {
  const url = URL.createObjectURL(new Blob(['throw new Error("no backend")'], { type: 'text/javascript' }));
  await expect(RemoteClassifier.connect(new Worker(url))).rejects.toThrow(/its worker is gone: .*no backend/);
});
