import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
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

it('a worker that fails says why', async () => {
  const url = URL.createObjectURL(new Blob(['throw new Error("no backend")'], { type: 'text/javascript' }));
  await expect(RemoteClassifier.connect(new Worker(url))).rejects.toThrow(/its worker is gone: .*no backend/);
});
