// trained model → the same network in onnxruntime-web

import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import type { TrainedModel } from 'speech-emotion';
import { architectureOf } from './architecture.ts';
import { findTorchPython, torchEnvironment } from './torch.ts';

/** [windows, frames, bins] → [windows × labels] probabilities, in WebAssembly on one thread. */
export type OnnxNetwork = (input: Float32Array, windows: number) => Promise<Float32Array>;

/** Loads the network as PyTorch, which knows the format, writes it out; undefined where there is none. */
export async function openOnnx(model: TrainedModel): Promise<OnnxNetwork | undefined> {
  const python = findTorchPython();
  if (!python) return undefined;
  const { frames } = model.settings.window;
  const bins = model.settings.normalizer.mean.length;
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(await exported(python, model));
  return async (input, windows) => {
    const features = new ort.Tensor('float32', input, [windows, frames, bins]);
    const { probabilities } = await session.run({ features });
    return probabilities!.data as Float32Array;
  };
}

async function exported(python: string, { network, settings }: TrainedModel): Promise<Uint8Array> {
  const weights = network.weights.map((weight) => ({ name: weight.originalName, shape: weight.shape }));
  const values = await Promise.all(network.getWeights().map((weight) => weight.data()));
  const description = { architecture: architectureOf(network), frames: settings.window.frames, weights };
  const folder = await mkdtemp(join(tmpdir(), 'onnx-'));
  try {
    const [json, bin, target] = ['network.json', 'weights.bin', 'network.onnx'].map((name) => join(folder, name));
    await writeFile(json!, JSON.stringify(description));
    await writeFile(
      bin!,
      Buffer.concat(values.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))),
    );
    const script = fileURLToPath(new URL('peers/onnx_export.py', import.meta.url));
    const env = { ...process.env, ...torchEnvironment() };
    execFileSync(python, [script, json!, bin!, target!], { env, stdio: 'pipe' });
    return await readFile(target!);
  } finally {
    await rm(folder, { recursive: true });
  }
}
