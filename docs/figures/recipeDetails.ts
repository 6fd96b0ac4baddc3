// figures of the protocol that tested the shipped model's recipe → what the model card says beyond the first table

import { byGroup, byLabel } from './breakdown.ts';
import { paragraph } from './markdown.ts';
import type { ProtocolFigures } from './protocolFigures.ts';
import { calibration } from './protocolSection.ts';
import { type ConditionFigures, conditionsTable } from './robustness.ts';

/** Tables with their headings. */
export function recipeDetails(figures: ProtocolFigures, conditions: readonly ConditionFigures[]): string[] {
  const robustness =
    conditions.length > 0
      ? [
          '### When the sound is worse',
          paragraph(`
The same models on the same clips, made worse; means over the seeds of the single model. ΔUAR is against the clean clips, and the last column the share of
clips that get the same label as these.`),
          conditionsTable(figures.file.protocol, conditions),
        ]
      : [];
  return [
    '### By emotion',
    byLabel(figures),
    '### By group',
    byGroup(figures),
    '### Calibration',
    paragraph(`
How far the probabilities can be believed; lower is better. Here the temperature of a fold was fitted on what was said about the other folds' clips, that of
the shipped model on all of them.`),
    calibration(figures),
    ...robustness,
  ];
}
