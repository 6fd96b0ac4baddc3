// name of a model, of a voice → a classifier, on the backend that runs it fastest here

import { readFile } from 'node:fs/promises';
import '@tensorflow/tfjs-backend-wasm';
import { env, ready, setBackend } from '@tensorflow/tfjs-core';
import { EmotionClassifier, loadModel, type TrainedModel } from 'speech-emotion';
import { modelDirectory } from 'speech-emotion/node';
import { pretrained } from 'speech-emotion/pretrained';

/**
 * Opens a model.
 *
 * @param model a folder or the address of a `model.json`; the shipped model where there is none
 * @param voice a file that `personalise` has written: the classifier is one for that speaker
 */
export async function openClassifier(model: string | undefined, voice?: string): Promise<EmotionClassifier> {
  await startBackend();
  const classifier = await EmotionClassifier.load(sourceOf(model));
  if (voice === undefined) return classifier;
  try {
    return await classifier.personalise(await readFile(voice));
  } catch (error) {
    throw new Error(`Cannot use the voice ${voice}: ${(error as Error).message}`, { cause: error });
  } finally {
    classifier.dispose();
  }
}

/** The model itself, the caller's to dispose. */
export async function openModel(model: string | undefined): Promise<TrainedModel> {
  await startBackend();
  return loadModel(sourceOf(model));
}

/** Starts the backend, for what begins without a model. */
export async function startBackend(): Promise<void> {
  env().set('PROD', true); // no advertisement for tfjs-node on the console
  await setBackend('wasm');
  await ready();
}

function sourceOf(model: string | undefined) {
  if (model === undefined) return pretrained;
  return /^https?:/.test(model) ? model : modelDirectory(model);
}
