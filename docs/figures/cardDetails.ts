// figures of the protocol that tested the shipped model's configuration → tables of the model card

import { byGroup, byLabel } from './breakdown.ts';
import { paragraph } from './markdown.ts';
import { calibration } from './protocolSection.ts';
import { conditionsTable } from './robustness.ts';
import type { Tested } from './tested.ts';

/** Tables with their headings. */
export function cardDetails({ figures, conditions }: Tested): string[] {
  const robustness =
    conditions.length > 0
      ? [
          '### Robustness',
          paragraph(`
The same models on the same clips, perturbed; means over the seeds of the single model. ΔUAR is the difference from the clean clips; the last column is
the share of clips that get the same label as when clean.`),
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
How well probabilities match frequencies; lower is better. Here the temperature of a fold was fitted to the predictions for the other folds' clips, that
of the shipped model to all of them.`),
    calibration(figures),
    ...robustness,
  ];
}
