// how many aborts → which calls did not settle, or settled otherwise than they say

import { getEventListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { RandomStream } from 'speech-emotion/layers';
import { type AbortableCall, abortableCalls } from './abortableCalls.ts';

/** What aborts led to. */
export interface AbortTally {
  /** Calls that were aborted. */
  readonly aborts: number;
  /** Functions, each with its own kinds of input. */
  readonly calls: number;
  /** Calls that did not settle within seconds. */
  readonly unsettled: readonly string[];
  /** Calls that failed with something else than the signal's reason, left tensors, or left a listener on the signal. */
  readonly otherwise: readonly string[];
}

export interface AbortOptions {
  readonly seed: number;
  /** At least so many in all. */
  readonly count: number;
  /** Milliseconds after which a call counts as unsettled. @default 5000 */
  readonly patience?: number;
  /** The calls. @default all that take a signal */
  readonly calls?: Readonly<Record<string, AbortableCall>>;
}

/** Aborts every call before it begins, at once, some microtasks or turns later, and at a random moment of the time that it takes. */
export async function abortCalls({ count, ...options }: AbortOptions): Promise<AbortTally> {
  const folder = await mkdtemp(join(tmpdir(), 'speech-emotion-aborts-'));
  const uncaught: string[] = [];
  const note = (error: unknown) => uncaught.push(String(error));
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
  const given = options.calls ? { calls: options.calls, end: async () => {} } : await abortableCalls(folder);
  try {
    const shares = Object.values(given.calls).reduce((sum, { share = 1 }) => sum + share, 0);
    const outcomes: Outcome[] = [];
    let aborts = 0;
    for (const [name, one] of Object.entries(given.calls)) {
      const times = Math.ceil((count * (one.share ?? 1)) / shares);
      aborts += times;
      outcomes.push(...(await abortCall(name, one, times, options)));
      if (uncaught.length > 0)
        outcomes.push({ kind: 'otherwise', what: `${name}: nobody awaits ${uncaught.splice(0).join(', ')}` });
    }
    const all = (kind: Outcome['kind']) => [
      ...new Set(outcomes.flatMap((outcome) => (outcome.kind === kind ? outcome.what : []))),
    ];
    return { aborts, calls: Object.keys(given.calls).length, unsettled: all('unsettled'), otherwise: all('otherwise') };
  } finally {
    await given.end();
    await sleep(50);
    process.off('unhandledRejection', note);
    process.off('uncaughtException', note);
    await rm(folder, { recursive: true, force: true });
  }
}

interface Outcome {
  readonly kind: 'fine' | 'unsettled' | 'otherwise';
  readonly what: string;
}

async function abortCall(
  name: string,
  { call }: AbortableCall,
  times: number,
  options: Omit<AbortOptions, 'count'>,
): Promise<Outcome[]> {
  const { seed, patience = 5000 } = options;
  const duration = await durationOf(call);
  const outcomes: Outcome[] = [];
  for (let i = 0; i < times; i++) {
    const random = new RandomStream(seed, 'abort', name, i);
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const reason = new DOMException(`stopped ${i}`, 'AbortError');
    const { when, abort } = momentOf(random, duration, () => controller.abort(reason));
    if (when === 'before') controller.abort(reason);
    const settled = Promise.resolve()
      .then(() => call(controller.signal))
      .then(
        () => undefined,
        (error: unknown) => (error === reason ? undefined : `failed with ${String(error).slice(0, 200)}`),
      );
    await abort();
    const timer = new AbortController();
    const late = sleep(patience, 'late' as const, { signal: timer.signal }).catch(() => 'late' as const);
    const outcome = await Promise.race([settled, late]);
    timer.abort();
    const fault = outcome ?? (await leftBehind(controller.signal, before));
    const kind = outcome === 'late' ? 'unsettled' : fault === undefined ? 'fine' : 'otherwise';
    outcomes.push({ kind, what: `${name}, aborted ${when}: ${fault ?? 'settled'}` });
  }
  return outcomes;
}

/** How long the call takes when nobody aborts it; half a second where it takes for ever. */
async function durationOf(call: AbortableCall['call']): Promise<number> {
  const controller = new AbortController();
  const start = performance.now();
  const done = call(controller.signal).catch(() => {});
  await Promise.race([done, sleep(500)]);
  const duration = performance.now() - start;
  controller.abort();
  await Promise.race([done, sleep(1000)]);
  return Math.min(500, duration);
}

/** When to abort, in words, and does so. */
function momentOf(
  random: RandomStream,
  duration: number,
  abort: () => void,
): { when: string; abort: () => Promise<void> } {
  const kind = random.integer(8);
  if (kind === 0) return { when: 'before', abort: async () => {} };
  if (kind === 1) return { when: 'at once', abort: async () => abort() };
  if (kind <= 3) {
    const ticks = random.integer(40);
    return {
      when: `after ${ticks} microtasks`,
      async abort() {
        for (let i = 0; i < ticks; i++) await undefined;
        abort();
      },
    };
  }
  if (kind === 4) {
    const turns = random.integer(6);
    return {
      when: `after ${turns} turns`,
      async abort() {
        for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
        abort();
      },
    };
  }
  const milliseconds = random.uniform(0, 1.2 * duration);
  return {
    when: `after ${milliseconds.toFixed(1)} ms`,
    async abort() {
      await sleep(milliseconds);
      abort();
    },
  };
}

/** What is left of a call a moment later, when what could not be stopped has ended, too. */
async function leftBehind(signal: AbortSignal, tensors: number): Promise<string | undefined> {
  let [left, listeners] = [0, 0];
  for (let turn = 0; turn < 40; turn++) {
    left = tf.memory().numTensors - tensors;
    listeners = getEventListeners(signal, 'abort').length;
    if (left <= 0 && listeners === 0) return undefined; // below: a call before has ended meanwhile
    await sleep(5 * (turn > 10 ? 10 : 1));
  }
  return left > 0 ? `left ${left} tensors` : `left ${listeners} listeners on the signal`;
}
