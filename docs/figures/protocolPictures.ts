// figures of a protocol → its pictures, and the lines of Markdown that show them

import { confusionMatrix } from '../../experiments/report/confusionMatrix.ts';
import { percent } from './markdown.ts';
import { clipsOf } from './modelFigures.ts';
import { picture } from './picture.ts';
import { modelsOf, type ProtocolFigures } from './protocolFigures.ts';
import { reliabilityDiagrams } from './reliability.ts';

/** The pictures as SVG, by the names of their files in docs/results. */
export async function protocolPictures(figures: ProtocolFigures): Promise<Record<string, string>> {
  const { protocol, labels } = figures.file;
  const { confusion } = surest(figures).model.pooled;
  const diagrams = modelsOf(figures).flatMap(({ name, model }) => [
    { title: `${name}, as given`, predictions: model.seeds.flatMap(clipsOf) },
    { title: `${name}, calibrated`, predictions: model.calibratedClips },
  ]);
  return {
    [`${protocol}-confusion.svg`]: picture(await confusionMatrix(labels, confusion)),
    [`${protocol}-reliability.svg`]: await reliabilityDiagrams(diagrams),
  };
}

/** The pictures in Markdown, from docs, each with a text for those who cannot see it. */
export function protocolImages(figures: ProtocolFigures): Record<'confusion' | 'reliability', string> {
  const { protocol, labels } = figures.file;
  const { name: whose, model } = surest(figures);
  const recalls = labels.map((label, i) => `${label} ${percent(model.pooled.recalls[i])}`).join(', ');
  const errors = modelsOf(figures).map(
    ({ name, model: { uncalibrated, calibrated } }) =>
      `${name} ${uncalibrated.ece.toFixed(3)} before, ${calibrated.ece.toFixed(3)} after`,
  );
  return {
    confusion: `![Confusion matrix, ${protocol}, ${whose}, all folds together; recall of ${recalls}](results/${protocol}-confusion.svg)`,
    reliability:
      `![Reliability diagrams, ${protocol}, before and after calibration: the share recognised against the probability of the label ` +
      `given, in 15 bins, and the share of clips in each; ECE: ${errors.join('; ')}](results/${protocol}-reliability.svg)`,
  };
}

/** The ensemble, if there is one. */
function surest(figures: ProtocolFigures) {
  return modelsOf(figures).at(-1)!;
}
