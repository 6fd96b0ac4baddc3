// a clip, and what was made of it → names that tell them apart, and the figures of clips as they are

import { type Evaluation, type Named, summarise } from 'speech-emotion';

/** What comes before the name of the change. */
const MARK = '#';

/** The name of what a change makes of a clip. */
export function changedName(name: string, change: string | number): string {
  return `${name}${MARK}${change}`;
}

/** The name of the clip that something was made of; a clip's own name where nothing was done to it. */
export function originalName({ name }: Named): string {
  return name.split(MARK)[0]!;
}

/** Whether a clip is as it was recorded. */
export function isUnchanged({ name }: Named): boolean {
  return !name.includes(MARK);
}

/** The evaluation without the clips that were made of others. */
export function ofUnchanged(evaluation: Evaluation): Evaluation {
  const { labels, clips } = evaluation;
  if (clips.every(isUnchanged)) return evaluation;
  return summarise(labels, [{ predictions: clips.filter(isUnchanged), temperature: 1 }]);
}
