// a clip and its altered copies → names that tell them apart, and the evaluation of the original clips alone

import type { Evaluation, Named } from 'speech-emotion';
import { summarise } from 'speech-emotion/evaluation';

/** Separates the clip's name from that of the change. */
const MARK = '#';

/** The name of an altered copy of a clip. */
export function changedName(name: string, change: string | number): string {
  return `${name}${MARK}${change}`;
}

/** The name of the clip that a copy was made from; an original's own name. */
export function originalName({ name }: Named): string {
  return name.split(MARK)[0]!;
}

/** Whether a clip is an original. */
export function isUnchanged({ name }: Named): boolean {
  return !name.includes(MARK);
}

/** The evaluation of the original clips alone. */
export function ofUnchanged(evaluation: Evaluation): Evaluation {
  const { labels, clips } = evaluation;
  if (clips.every(isUnchanged)) return evaluation;
  return summarise(labels, [{ predictions: clips.filter(isUnchanged), temperature: 1 }]);
}
