// bytes of a clip → its emotion, beside the same with its network in onnxruntime-web

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { EmotionClassifier, FeatureExtractor, type FeatureMatrix, predict, toWaveform } from 'speech-emotion';
import { Normalizer } from 'speech-emotion/features';
import { pretrained } from 'speech-emotion/pretrained';
import { useBackend } from '../examples/node/backend.ts';
import { encodeWav } from '../test/support/wav.ts';
import { speech } from './clip.ts';
import { limitOf } from './limits.ts';
import { always, caseOf, compare, spreadOf, timed } from './measure.ts';
import { openOnnx } from './onnxPeer.ts';
import { type Outcome, versionOf } from './result.ts';
import { NO_TORCH } from './torch.ts';
import { operationsOf } from './work.ts';

/** A RAVDESS clip without the silence around the voice. */
const SECONDS = 3;
/** The rate of most files. */
const RECORDED = 44_100;

export async function classify(): Promise<Outcome> {
  await useBackend('wasm');
  using classifier = await EmotionClassifier.load(pretrained);
  const { network, settings } = classifier.model;
  const extractor = new FeatureExtractor(settings.features);
  const normalizer = Normalizer.fromJSON(settings.normalizer);
  const clip = encodeWav([await speech(SECONDS, 16_000)], 16_000);
  const featuresOf = async () => extractor.extract(await toWaveform(clip));
  const [prediction] = await predict(classifier.model, [await featuresOf()]);
  const { windows } = prediction!;

  /** [windows, frames, bins], as it goes into the network. */
  const inputOf = (matrix: FeatureMatrix) => {
    const size = settings.window.frames * matrix.bins;
    const input = new Float32Array(windows.length * size);
    for (const [i, { startFrame, endFrame }] of windows.entries()) {
      normalizer.applyInto(matrix, input, i * size, startFrame, endFrame);
    }
    return input;
  };
  const input = inputOf(await featuresOf());
  const shape = [windows.length, settings.window.frames, extractor.bins, 1];
  const byTfjs = async () => {
    const output = tf.tidy(() => network.predict(tf.tensor(input, shape)) as tf.Tensor);
    const values = (await output.data()) as Float32Array;
    output.dispose();
    return values;
  };

  const about = { backend: 'wasm', rounds: 25, warmUps: 40 };
  const whole = { ...about, case: `a clip of ${SECONDS} s, bytes to result` };
  const alone = { ...about, case: `its ${windows.length} windows through the network` };
  const [ours, oursAlone] = [timed(() => classifier.classify(clip)), timed(byTfjs)];
  const cases = [await compare({ ...whole, against: 'real time', aim: 100, ours, theirs: always(SECONDS * 1000) })];
  const recording = await speech(SECONDS, RECORDED);
  const recorded = encodeWav([recording, recording.map((sample) => 0.8 * sample)], RECORDED);
  for (const [kind, bytes] of [
    ['WAV', recorded],
    ['MP3', toMp3(recorded)],
  ] as const) {
    if (!bytes) continue;
    const what = `${SECONDS} s of stereo ${kind} at 44.1 kHz, bytes to result`;
    const about = { case: what, backend: 'wasm', against: 'real time', floor: 150, aim: 250 };
    cases.push(caseOf(about, spreadOf(await inProgramOfItsOwn(bytes), 'ms'), spreadOf([SECONDS * 1000], 'ms')));
  }
  const onnx = await openOnnx(classifier.model);
  if (onnx) {
    expectSame(await byTfjs(), await onnx(input, windows.length));
    const against = 'onnxruntime-web';
    const note = 'wasm, one thread; all but the network is ours';
    const theirs = timed(async () => onnx(inputOf(await featuresOf()), windows.length));
    cases.push(await compare({ ...whole, against, note, aim: 1, ours, theirs }));
    const theirsAlone = timed(() => onnx(input, windows.length));
    cases.push(await compare({ ...alone, against, aim: 1, ours: oursAlone, theirs: theirsAlone }));
  }
  const amount = windows.length * operationsOf(network, settings.window.frames).forward;
  return {
    cases,
    limits: [await limitOf({ ...alone, by: 'matMul', amount, ours: oursAlone })],
    missing: onnx ? [] : [`onnxruntime-web: its network is written out by PyTorch; ${NO_TORCH}`],
    versions: { 'onnxruntime-web': await versionOf('onnxruntime-web') },
  };
}

/** By ffmpeg, where it is installed. */
/** Milliseconds of some calls, in a plain program: this one's loader of TypeScript and peers make garbage of their own. */
async function inProgramOfItsOwn(bytes: Uint8Array): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'classify-'));
  try {
    await writeFile(join(folder, 'sound'), bytes);
    const child = fileURLToPath(new URL('children/classify.mjs', import.meta.url));
    const root = fileURLToPath(new URL('..', import.meta.url));
    return JSON.parse(execFileSync(process.execPath, [child, root, join(folder, 'sound')], { encoding: 'utf8' })).ms;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function toMp3(wav: Uint8Array): Uint8Array | undefined {
  try {
    const options = ['-hide_banner', '-loglevel', 'error', '-i', '-', '-b:a', '128k', '-f', 'mp3', '-'];
    return execFileSync('ffmpeg', options, { input: wav, maxBuffer: 2 ** 28 });
  } catch {
    return undefined;
  }
}

function expectSame(ours: Float32Array, theirs: Float32Array): void {
  const worst = Math.max(...Array.from(ours, (value, i) => Math.abs(value - theirs[i]!)));
  if (!(worst <= 1e-3)) throw new Error(`Cannot compare: probabilities differ by ${worst}`);
}
