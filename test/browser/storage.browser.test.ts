import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import {
  browserCheckpoint,
  deleteBrowserCheckpoint,
  listBrowserCheckpoints,
} from '../../src/browser/browserCheckpoint.ts';
import { deleteStoredModel, listStoredModels, modelStorage } from '../../src/browser/modelStorage.ts';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import { sound } from '../classifier/sound.ts';
import { tinyModel } from '../model/tinyModel.ts';

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => vi.restoreAllMocks());

it('modelStorage gives back the model that was saved', async () => {
  const tensors = tf.memory().numTensors;
  const classifier = EmotionClassifier.fromModel(tinyModel());
  await classifier.save(modelStorage('mine'));
  await classifier.save(modelStorage('another'), { weightType: 'float16' });
  expect(await listStoredModels()).toEqual(['another', 'mine']);
  const again = await EmotionClassifier.load(modelStorage('mine'));
  expect(again.settings).toEqual(classifier.settings);
  expect(await again.classify(sound(0.5))).toEqual(await classifier.classify(sound(0.5)));
  again.dispose();
  classifier.dispose();
  await deleteStoredModel('mine');
  await deleteStoredModel('another');
  await deleteStoredModel('never there');
  expect(await listStoredModels()).toEqual([]);
  await expect(EmotionClassifier.load(modelStorage('mine'))).rejects.toThrow(
    'Cannot load the model mine: no model of that name is stored in this browser',
  );
  expect(tf.memory().numTensors).toBe(tensors);
});

it('browserCheckpoint gives back what was saved last', async () => {
  const store = browserCheckpoint('run');
  expect(await store.load()).toBeUndefined();
  await store.save(Uint8Array.of(1, 2, 3));
  await store.save(new Uint8Array(new ArrayBuffer(8), 2, 3).fill(7));
  expect(await store.load()).toEqual(Uint8Array.of(7, 7, 7));
  await browserCheckpoint('another').save(Uint8Array.of(1));
  expect(await listBrowserCheckpoints()).toEqual(['another', 'run']);
  await deleteBrowserCheckpoint('another');
  expect(await listBrowserCheckpoints()).toEqual(['run']);
  await deleteBrowserCheckpoint('run');
  expect(await store.load()).toBeUndefined();
});

it('says what is no name', async () => {
  for (const name of [undefined, null, 3, '', {}] as never[]) {
    expect(() => modelStorage(name)).toThrow(/^Cannot open a stored model: name must be text, got/);
    expect(() => browserCheckpoint(name)).toThrow(/^Cannot open a checkpoint: name must be text, got/);
    await expect(deleteStoredModel(name)).rejects.toThrow(/^Cannot delete a stored model: name must be text, got/);
    await expect(deleteBrowserCheckpoint(name)).rejects.toThrow(/^Cannot delete a checkpoint: name must be text, got/);
  }
});

it('leaves no connection open: the database can be deleted', async () => {
  await browserCheckpoint('run').save(Uint8Array.of(1));
  const request = indexedDB.deleteDatabase('speech-emotion');
  await new Promise<void>((resolve, reject) => {
    request.onsuccess = () => resolve();
    request.onblocked = () => reject(new Error('a connection is open'));
  });
  expect(await browserCheckpoint('run').load()).toBeUndefined();
});

it('says when the storage is full, and keeps what was there', async () => {
  const store = browserCheckpoint('run');
  await store.save(Uint8Array.of(1));
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('too much', 'QuotaExceededError');
  });
  await expect(store.save(Uint8Array.of(2))).rejects.toThrow(
    /^Cannot save the checkpoint run: the browser's storage for this site is full \(\d+ MB of \d+ MB used\)$/,
  );
  vi.restoreAllMocks();
  expect(await store.load()).toEqual(Uint8Array.of(1));
  await deleteBrowserCheckpoint('run');
});

it('says when the browser refuses storage, as private windows do', async () => {
  vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  await expect(listStoredModels()).rejects.toThrow(
    /^Cannot list the models: the browser refuses storage.* \(denied\)$/,
  );
});
