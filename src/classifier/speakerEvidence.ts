// a clip of a speaker → what the model's classifying layer reads in it

import type { AudioInput } from '../audio/soundPieces.ts';
import { abortable } from '../core/abortable.ts';
import { nextTask } from '../core/nextTask.ts';
import { FeatureExtractor } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { requireBackend } from '../model/backend.ts';
import { type ClassifyingWeights, classifyingFeatures, classifyingWeights } from '../model/classifyingLayer.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import { WindowRunner } from '../model/windowRunner.ts';
import type { HearingOptions } from './enrolment.ts';
import { openMono } from './hear.ts';
import { product } from './softmaxRidge.ts';
import type { SoundLength } from './soundFrames.ts';
import type { ClipEvidence } from './speakerWeights.ts';
import { openSpokenWindows } from './spokenWindows.ts';
import { resolveVoiceActivity } from './voiceActivity.ts';

const ACTION = 'personalise';

/**
 * What the classifying layer of a model reads in a clip, which is heard as `classify` hears it.
 *
 * @param extractor of the model's features
 * @returns undefined where there is no speech
 * @throws as `classify`
 */
export async function hearClip(
  model: TrainedModel,
  sound: AudioInput,
  { trim = true, vad, channel, maxSeconds, signal }: HearingOptions,
  extractor = new FeatureExtractor(model.settings.features),
): Promise<ClipEvidence | undefined> {
  await requireBackend(ACTION);
  const heard = { trim, vad: resolveVoiceActivity(ACTION, vad), signal };
  const mono = openMono(ACTION, sound, { maxSeconds, channel, signal });
  const length: SoundLength = { seconds: 0, totalSeconds: undefined };
  const work = async () => {
    const spoken = await openSpokenWindows(ACTION, mono, extractor, model.settings.window, heard, length);
    const evidence = await evidenceOf(model, spoken.windows, signal);
    return spoken.hasSpeech() ? evidence : undefined;
  };
  return abortable(work(), signal);
}

async function evidenceOf(
  model: TrainedModel,
  windows: AsyncIterable<FeatureMatrix>,
  signal: AbortSignal | undefined,
): Promise<ClipEvidence | undefined> {
  const all: Float32Array[] = [];
  for await (const features of readWindows(model, windows, signal)) all.push(features);
  return all.length > 0 ? toEvidence(all, await classifyingWeights(model.network)) : undefined;
}

/** What the classifying layer of a model reads in each window, [features]. */
export async function* readWindows(
  { network, settings }: TrainedModel,
  windows: AsyncIterable<FeatureMatrix>,
  signal?: AbortSignal,
): AsyncGenerator<Float32Array, void, undefined> {
  const reading = classifyingFeatures(network);
  try {
    const runner = new WindowRunner({ network: reading.network, settings });
    for await (const matrix of windows) {
      await nextTask();
      signal?.throwIfAborted();
      const [features] = await runner.values([{ matrix, range: { startFrame: 0, endFrame: matrix.frames } }]);
      if (!features!.every(Number.isFinite)) throw new Error(`Cannot ${ACTION}: the network must give finite numbers`);
      yield features!;
    }
  } finally {
    reading.dispose();
  }
}

/** The evidence of a clip's windows, of each of which there is what the classifying layer reads. */
export function toEvidence(windows: readonly Float32Array[], { kernel, bias }: ClassifyingWeights): ClipEvidence {
  const mean = new Float64Array(kernel.length / bias.length);
  const logits = windows.map((features) => {
    features.forEach((feature, i) => {
      mean[i]! += feature / windows.length;
    });
    return Float32Array.from(product(features, kernel, bias.length), (one, label) => one + bias[label]!);
  });
  return { features: Float32Array.from(mean), logits };
}
