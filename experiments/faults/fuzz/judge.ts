// a trial → whether the library did with it what it promises

import * as tf from '@tensorflow/tfjs-core';
import type { Format, Trial } from './format.ts';

/** What became of an input: an answer that makes sense, an error of the library's own, or a fault. */
type Verdict = 'answered' | 'refused' | FaultKind;

/** What must not be: the library threw something raw, never ended, answered nonsense, or kept tensors. */
export type FaultKind = 'raw' | 'hang' | 'nonsense' | 'tensors';

/** A verdict, and what was thrown or is wrong. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly what?: string;
}

/** Tries one input. An input that never ends is for the caller to find. */
export async function judge(trial: Trial, errors: Format['errors']): Promise<Judgement> {
  const before = tf.memory().numTensors;
  const judgement = await judgeAnswer(trial, errors);
  const left = tf.memory().numTensors - before;
  return left === 0 ? judgement : { verdict: 'tensors', what: `${left} tensors left; ${judgement.what ?? 'answered'}` };
}

async function judgeAnswer(trial: Trial, errors: Format['errors']): Promise<Judgement> {
  let answer: unknown;
  try {
    answer = await trial.answer();
  } catch (error) {
    const what = described(error);
    if (!isClear(error, errors)) return { verdict: 'raw', what };
    return trial.unrefusable
      ? { verdict: 'nonsense', what: `refused what is right: ${what}` }
      : { verdict: 'refused', what };
  }
  try {
    const fault = await trial.fault(answer);
    return fault === undefined ? { verdict: 'answered' } : { verdict: 'nonsense', what: fault };
  } catch (error) {
    return { verdict: 'nonsense', what: `the answer cannot be looked at: ${described(error)}` };
  }
}

/** Whether an error is one that the library means: of an expected class, and a sentence that says what cannot be done and why. */
function isClear(error: unknown, errors: Format['errors']): error is Error {
  if (!(error instanceof Error) || !errors.some((name) => name === error.name)) return false;
  return isSentence(error.message);
}

/** `Cannot <action>: <why>`, whatever stands in quotation marks; V8's own messages that begin so have no colon. */
export function isSentence(message: string): boolean {
  const words = message.replaceAll(/'[^']*'|"[^"]*"/g, '…');
  return /^Cannot [^:\n]+: \S/.test(words) && message.length < 20_000;
}

/** An error in one line, with where it was thrown if that is not by the library on purpose. */
export function described(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${String(error)}`;
  const where = isSentence(error.message)
    ? undefined
    : error.stack
        ?.split('\n')
        .find((line) => /^\s+at /.test(line))
        ?.trim();
  return `${error.name}: ${error.message.slice(0, 300)}${where ? ` (${where.replace(/\(?[^ ]*\/([^/]+)\)?$/, '$1')})` : ''}`;
}
