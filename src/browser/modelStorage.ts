// trained model → storage of this browser, and back

import type * as tf from '@tensorflow/tfjs-core';
import { fromIoArtifacts, type ModelArtifact, toIoArtifacts } from '../model/ioArtifacts.ts';
import { checkName, namesIn, withStore } from './browserStorage.ts';

/**
 * A model in this browser's IndexedDB under a name, to load from and to save to; saving replaces it as a whole.
 *
 * Its `load` and `save` throw an Error when no model has the name, when storage is full, or when the browser refuses it.
 *
 * @throws {TypeError} when the name is no string
 * @returns an IO handler for `EmotionClassifier.load`, `classifier.save`, `loadModel` and `saveModel`
 *
 * @example
 * await classifier.save(modelStorage('mine'));
 * const again = await EmotionClassifier.load(modelStorage('mine'));
 */
export function modelStorage(name: string): Required<tf.io.IOHandler> {
  checkName('open a stored model', name);
  return {
    async load() {
      const action = `load the model ${name}`;
      const artifact = await withStore<ModelArtifact | undefined>(action, 'models', 'readonly', (store) =>
        store.get(name),
      );
      if (!artifact) throw new Error(`Cannot ${action}: no model of that name is stored in this browser`);
      return toIoArtifacts(artifact);
    },
    async save(artifacts) {
      const artifact = fromIoArtifacts(artifacts);
      await withStore(`save the model ${name}`, 'models', 'readwrite', (store) => store.put(artifact, name));
      const weightDataBytes = artifact.weights.length;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON', weightDataBytes } };
    },
  };
}

/**
 * The names of the models kept in this browser, sorted.
 *
 * @throws {Error} when the browser refuses storage
 */
export function listStoredModels(): Promise<string[]> {
  return namesIn('list the models', 'models');
}

/**
 * Deletes a model kept in this browser, if there is one.
 *
 * @throws {TypeError} when the name is no string
 * @throws {Error} when the browser refuses storage
 */
export async function deleteStoredModel(name: string): Promise<void> {
  checkName('delete a stored model', name);
  await withStore(`delete the model ${name}`, 'models', 'readwrite', (store) => store.delete(name));
}
