// a file in a request → what the classifier says of it

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from './context.ts';
import { type FileCall, optionsOf } from './parameters.ts';
import { Problem } from './problem.ts';
import { soundBody } from './soundBody.ts';

/** An answer: its JSON or text. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Any value, as JSON. */
export function json(value: unknown, status = 200): Answer {
  return { status, type: 'application/json', text: JSON.stringify(value) };
}

/**
 * Classifies a file while it comes. The work ends with the connection.
 *
 * @throws {Problem} when the request is refused, too large or too slow
 * @throws what the classifier throws
 */
export async function answerFile(
  call: FileCall,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  { classifiers, metrics, options: allowed, work }: Context,
): Promise<Answer> {
  const options = optionsOf(call, query);
  const { controller, end } = work.begin();
  metrics.opened('request', 1);
  const { signal } = controller;
  const onClose = () => controller.abort(new Problem(499, 'Cannot answer: the client is gone'));
  response.once('close', onClose);
  let seconds = 0;
  try {
    const body = soundBody(request, {
      maxBytes: allowed.maxBytes,
      idleSeconds: allowed.idleSeconds,
      onRead: () => {
        if (request.headers.expect !== undefined) response.writeContinue();
      },
      fail: (problem) => {
        if (problem.status === 408) metrics.dropped('idle');
        controller.abort(problem);
      },
    });
    const onProgress = (progress: { readonly seconds: number }) => {
      metrics.heard(`/${call}`, progress.seconds - seconds);
      seconds = Math.max(seconds, progress.seconds);
    };
    const lease = await classifiers.forFile(signal);
    try {
      const heard = { ...options, maxSeconds: allowed.maxSeconds, onProgress, signal };
      const { classifier } = lease;
      return json(await (call === 'classify' ? classifier.classify(body, heard) : classifier.timeline(body, heard)));
    } finally {
      lease.release();
    }
  } finally {
    response.off('close', onClose);
    metrics.opened('request', -1);
    end();
  }
}
