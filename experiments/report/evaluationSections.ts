// Evaluation → sections of a report

import type { Evaluation } from 'speech-emotion';
import type { Section } from '../../cli/src/report/page.ts';
import { confusionMatrix } from './confusionMatrix.ts';
import { groupRows, summary } from './printEvaluation.ts';

const MEANING =
  'UAR: recall averaged over the emotions, chance is 1 / their number. WAR: share of clips that were recognised.';

/** Scores with their protocol, the confusion matrix, and the breakdown by group. */
export async function evaluationSections(title: string, protocol: string, evaluation: Evaluation): Promise<Section[]> {
  const { labels, confusion, recalls } = evaluation;
  const inWords = labels.map((label, i) => `${label} ${Math.round(100 * (recalls[i] ?? 0))} %`).join(', ');
  return [
    {
      title,
      text: `${summary(protocol, evaluation)}\n${MEANING}`,
      figures: [{ svg: await confusionMatrix(labels, confusion), alt: `Confusion matrix; recall of ${inWords}` }],
    },
    { title: `${title}: by group`, table: [['group', 'clips', 'UAR', 'WAR'], ...groupRows(evaluation)] },
  ];
}
