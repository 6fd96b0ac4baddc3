// results → docs/results.md with its regions filled, and its pictures

import type { ResultFile } from '../../experiments/results/resultFile.ts';
import { unweightedAverageRecall } from '../../src/evaluation/metrics.ts';
import { aimsSection } from './aims.ts';
import { comparisonSection } from './comparison.ts';
import { CURVE_PICTURE, curvePicture, curvePoints, curveSection } from './learningCurve.ts';
import { fillRegion, paragraph, percent } from './markdown.ts';
import { overSeeds } from './modelFigures.ts';
import type { ProtocolFigures } from './protocolFigures.ts';
import { protocolPictures } from './protocolPictures.ts';
import { protocolSection } from './protocolSection.ts';
import { completeSeeds } from './resultRuns.ts';
import type { Results } from './results.ts';
import { robustnessFigures, robustnessSection } from './robustness.ts';
import { searchSection } from './searchRecord.ts';
import { smallSection } from './smallModel.ts';
import { counted, isSmall, npmRun, ranges, spread, trainedAt } from './words.ts';

/**
 * The page and its pictures, by path from the root. A region without results stays empty.
 *
 * @param page with the text between the regions
 * @param protocols figures of the protocols that have complete seeds
 * @param small those of the small model's configuration
 */
export async function resultsPage(
  page: string,
  results: Results,
  protocols: readonly ProtocolFigures[],
  small?: ProtocolFigures,
): Promise<Record<string, string>> {
  const { learningCurve, robustness, permuted, trials } = results;
  const conditions = robustnessFigures(results);
  const points = learningCurve
    ? curvePoints(learningCurve, [...results.protocols, ...(results.small ? [results.small] : [])])
    : [];
  const sections = results.protocols.map((file) => {
    const figures = protocols.find((one) => one.file.protocol === file.protocol);
    return protocolSection(file, figures, trials);
  });
  const regions = {
    aims: aimsSection({ protocols, robustness: robustness && { protocol: robustness.protocol, conditions } }),
    anchors: comparisonSection(protocols),
    protocols: sections.join('\n\n'),
    small: smallSection(results, small, protocols),
    permuted: permuted ? permutedSection(permuted) : '',
    learningCurve: learningCurve ? curveSection(learningCurve, points) : '',
    robustness: robustness ? robustnessSection(robustness, conditions) : '',
    search: searchSection(trials),
  };
  const filled = Object.entries(regions).reduce((text, [name, content]) => fillRegion(text, name, content), page);
  const drawn = Object.assign({}, ...(await Promise.all(protocols.map(protocolPictures)))) as Record<string, string>;
  return {
    'docs/results.md': filled,
    ...Object.fromEntries(Object.entries(drawn).map(([name, svg]) => [`docs/results/${name}`, svg])),
    ...(points.length > 0
      ? { [`docs/${CURVE_PICTURE}`]: await curvePicture(points, learningCurve!.labels.length) }
      : {}),
  };
}

/** A network trained on permuted labels can know nothing: more than chance would be a leak. */
function permutedSection(file: ResultFile): string {
  const { protocol, labels, config, description } = file;
  const { seeds } = completeSeeds(file.runs, file);
  if (seeds.length === 0) return '';
  const uar = overSeeds(seeds, labels.length, unweightedAverageRecall);
  const chance = 1 / labels.length;
  const within = uar.interval.low <= chance && chance <= uar.interval.high;
  return `\
## Permuted labels

${paragraph(`
The configuration${isSmall(config) ? ' of the small model' : ''}, trained ${file.truth ? 'and tested on' : 'on'} permuted labels; ${protocol}, ${description}; ${counted(seeds.length, 'seed')}, at ${trainedAt(file, file.runs)}. More than chance would
mean a leak. UAR ${spread(uar)}; chance is ${percent(chance)}, which ${within ? 'lies' : 'does not lie'} in the interval.`)}

${npmRun('evaluate', config, `--protocol ${protocol} --permuted --seed ${ranges(seeds.map(({ seed }) => seed))}`)}`;
}
