// name of a model → a classifier, on the backend that runs it fastest here

import '@tensorflow/tfjs-backend-wasm';
import { env, ready, setBackend } from '@tensorflow/tfjs-core';
import { EmotionClassifier } from 'speech-emotion';
import { modelDirectory } from 'speech-emotion/node';
import { pretrained } from 'speech-emotion/pretrained';

/**
 * Opens a model.
 *
 * @param model a folder or the address of a `model.json`; the shipped model where there is none
 */
export async function openClassifier(model: string | undefined): Promise<EmotionClassifier> {
  env().set('PROD', true); // no advertisement for tfjs-node on the console
  await setBackend('wasm');
  await ready();
  if (model === undefined) return EmotionClassifier.load(pretrained);
  return EmotionClassifier.load(/^https?:/.test(model) ? model : modelDirectory(model));
}
