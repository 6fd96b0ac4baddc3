// jobs that come as messages → their results, in a thread of its own

import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { EmotionClassifier } from 'speech-emotion';
import { openClassifier } from '../openClassifier.ts';
import { type Plan, planRecording, type RunSettings, scoreRecording } from './work.ts';

/** What a thread is asked for. */
export type ThreadTask =
  | { readonly kind: 'describe'; readonly model: string | undefined }
  | { readonly kind: 'plan'; readonly settings: RunSettings; readonly source: string }
  | {
      readonly kind: 'score';
      readonly settings: RunSettings;
      readonly source: string;
      readonly plan: Plan;
      readonly piece: number;
    };

/** What comes back. */
export type ThreadAnswer =
  | { readonly result: unknown }
  | { readonly error: { readonly message: string; readonly fault: boolean } };

const port = parentPort!;
const classifiers = new Map<string, Promise<{ classifier: EmotionClassifier; fingerprint: string }>>();

port.on('message', (task: ThreadTask) => {
  void answer(task).then((reply) => port.postMessage(reply));
});

async function answer(task: ThreadTask): Promise<ThreadAnswer> {
  const { signal } = new AbortController(); // a thread is stopped by ending it
  try {
    if (task.kind === 'describe') {
      const { classifier, fingerprint } = await load(task.model);
      return { result: { fingerprint, labels: classifier.labels } };
    }
    const { settings, source } = task;
    const { classifier, fingerprint } = await load(settings.model);
    if (fingerprint !== settings.fingerprint) {
      throw new Error(`Cannot score ${source}: the model here is another one than that of the run`);
    }
    if (task.kind === 'plan') return { result: await planRecording(classifier, settings, source, signal) };
    return { result: await scoreRecording(classifier, settings, source, task.plan, task.piece, signal) };
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    // What cannot be decoded, or has no such channel, will not another time either.
    return { error: { message, fault: code === 'AUDIO_FORMAT' || error instanceof RangeError } };
  }
}

function load(model = ''): Promise<{ classifier: EmotionClassifier; fingerprint: string }> {
  const known = classifiers.get(model);
  if (known) return known;
  const loading = (async () => {
    const classifier = await openClassifier(model || undefined);
    return { classifier, fingerprint: await fingerprintOf(classifier) };
  })();
  classifiers.set(model, loading);
  loading.catch(() => classifiers.delete(model));
  return loading;
}

/** A hash of all that a model's answers follow from. */
async function fingerprintOf({ model }: EmotionClassifier): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(model.settings));
  for (const weight of model.network.weights) {
    const values = await weight.read().data();
    hash
      .update(JSON.stringify(weight.shape))
      .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex').slice(0, 32);
}
