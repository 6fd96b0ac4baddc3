// calls from another thread → answers of a classifier in this one

import type { EmotionClassifier } from '../classifier/emotionClassifier.ts';
import { checkFunction, typeName } from '../core/check.ts';
import { toPlainError } from '../core/plainError.ts';
import { Port, type PortLike } from '../core/port.ts';
import type { Reply, Request } from './messages.ts';
import { ServedCall } from './servedCall.ts';
import { Speakers } from './speakers.ts';

const ACTION = 'serve a classifier';

/**
 * Serves a classifier of this worker to the thread that started it: see `RemoteClassifier.connect`. Call it at once when the worker's
 * module runs; calls wait until the model is loaded.
 *
 * When the other end disposes of the classifier or goes away, the classifier is disposed of here and the worker ends.
 *
 * @param load starts a backend and loads the model
 * @param port the channel to the other thread: in Node `parentPort` of `node:worker_threads`
 * @throws {TypeError} when `load` is no function, or `port` is no channel to another thread
 *
 * @example
 * ```ts
 * // emotion.worker.ts
 * serveClassifier(async () => {
 *   await setBackend('wasm');
 *   return EmotionClassifier.load(pretrained);
 * });
 * ```
 */
export function serveClassifier(
  load: () => Promise<EmotionClassifier>,
  port: PortLike = globalThis as unknown as PortLike,
): void {
  checkFunction(ACTION, 'load', load);
  const calls = new Map<number, ServedCall>();
  const speakers = new Speakers();
  const send = (reply: Reply) => channel.send(reply);
  const fail = (error: unknown) => send({ unable: toPlainError(error) });
  let ending = false;
  const channel = new Port<Request, Reply>(ACTION, port, {
    onMessage: (request) => {
      if ('dispose' in request) void end();
      else if ('hello' in request) announce();
      else if ('forget' in request) speakers.forget(request.forget);
      else if (!('call' in request)) calls.get(request.id)?.take(request);
      else if (!ending) {
        const classifier = request.of === 0 ? loading : speakers.get(request.of);
        const call = new ServedCall(request, classifier, speakers, send);
        calls.set(request.id, call);
        void call.done.then(() => calls.delete(request.id));
      }
    },
    onUnreadable: fail, // it is not known which call it belonged to
    onClosed: () => void end(),
  });
  // No message arrives before this.
  const loading = Promise.resolve().then(load).then(checkClassifier);
  announce();

  function announce(): void {
    loading.then(({ settings }) => send({ ready: settings }), fail);
  }

  async function end(): Promise<void> {
    if (ending) return;
    ending = true;
    for (const call of calls.values()) call.stop();
    await Promise.all([...calls.values()].map(({ done }) => done));
    speakers.dispose();
    await loading.then((classifier) => classifier.dispose()).catch(() => {});
    void channel.close();
  }
}

function checkClassifier(classifier: EmotionClassifier): EmotionClassifier {
  if (typeof classifier?.classify === 'function') return classifier;
  throw new TypeError(`Cannot ${ACTION}: load must give an EmotionClassifier, got ${typeName(classifier)}`);
}
