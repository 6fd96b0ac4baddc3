// answers to clips as they are and changed → what the change does to them

import type { Resolved } from '../../core/check.ts';
import { countsBootstrap } from '../countsBootstrap.ts';
import type { BootstrapOptions } from '../interval.ts';
import { argMax, confusionMatrix, unweightedAverageRecall } from '../metrics.ts';
import { bySpeaker, toConfusion } from '../speakerBootstrap.ts';
import type { ClipAnswers } from './answers.ts';
import type { DoseFigures } from './auditResult.ts';

/** @param dose index into the answers' `dosed` */
export function doseFigures(
  clips: readonly ClipAnswers[],
  dose: number,
  bootstrap: Resolved<BootstrapOptions>,
): DoseFigures {
  const count = clips[0]!.probabilities.length;
  const changed = (own: readonly ClipAnswers[]) => own.map((clip) => ({ ...clip, probabilities: clip.dosed[dose]! }));
  const before = unweightedAverageRecall(confusionMatrix(clips, count));
  const uar = unweightedAverageRecall(confusionMatrix(changed(clips), count));
  const counts = bySpeaker(clips).map(([, own]) =>
    [own, changed(own)].flatMap((answers) => confusionMatrix(answers, count).flat()),
  );
  const changeOf = (sum: Float64Array) => {
    const [first, second] = [sum.subarray(0, count ** 2), sum.subarray(count ** 2)];
    return unweightedAverageRecall(toConfusion(second, count)) - unweightedAverageRecall(toConfusion(first, count));
  };
  const differences = clips.map(({ probabilities, dosed }) => dosed[dose]!.map((p, k) => p - probabilities[k]!));
  return {
    uar,
    change: uar - before,
    changeInterval: countsBootstrap('audit', [counts], changeOf, bootstrap),
    unchanged: meanOf(clips.map(({ probabilities, dosed }) => Number(argMax(probabilities) === argMax(dosed[dose]!)))),
    shift: meanOf(differences.map((own) => own.reduce((sum, difference) => sum + Math.abs(difference), 0) / 2)),
    drift: Array.from({ length: count }, (_, k) => meanOf(differences.map((own) => own[k]!))),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
