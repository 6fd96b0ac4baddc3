// a worker thread → a classifier for the server

import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { memory } from '@tensorflow/tfjs-core';
import { serveClassifier } from 'speech-emotion/worker';
import { openClassifier } from '../openClassifier.ts';

serveClassifier(() => openClassifier((workerData as { model: string | undefined }).model), parentPort!);

// Beside the library's own messages: how many tensors there are, for the metrics.
parentPort!.on('message', ({ tensorsTo }: { tensorsTo?: MessagePort }) => {
  tensorsTo?.postMessage(memory().numTensors);
  tensorsTo?.close();
});
