// results of a protocol → its figures, of the single model and of the ensemble

import { PROTOCOLS } from '../../experiments/protocols/protocols.ts';
import type { ResultFile } from '../../experiments/results/resultFile.ts';
import type { SpeakerRule } from '../../src/crossValidation/resolveFolds.ts';
import { clipsOf, type ModelFigures, modelFigures } from './modelFigures.ts';
import { completeSeeds, ensembleOf } from './resultRuns.ts';
import { counted, trainedAt } from './words.ts';

/** A protocol's figures, and what they are of. */
export interface ProtocolFigures {
  readonly file: Omit<ResultFile, 'runs'>;
  readonly speakers: SpeakerRule;
  /** Seeds that count, and those that lack folds and do not. */
  readonly seeds: readonly number[];
  readonly incomplete: readonly number[];
  readonly folds: readonly string[];
  /** How many clips are tested. */
  readonly clips: number;
  /** Revisions of the code that trained, in words. */
  readonly trainedAt: string;
  /** Duration of the median training. */
  readonly seconds: number;
  /** Each seed's model on its own. */
  readonly single: ModelFigures;
  /** The mean of what the seeds' models say; one seed has none. */
  readonly ensemble: ModelFigures | undefined;
}

/**
 * All figures of a protocol.
 *
 * @returns undefined where no seed has all folds
 */
export function protocolFigures({ runs, ...file }: ResultFile): ProtocolFigures | undefined {
  const { seeds, incomplete, folds } = completeSeeds(runs, file);
  if (seeds.length === 0) return undefined;
  const ensemble = ensembleOf(seeds);
  const durations = runs.map(({ seconds }) => seconds).sort((a, b) => a - b);
  return {
    file,
    speakers: PROTOCOLS[file.protocol]!.speakers,
    seeds: seeds.map(({ seed }) => seed),
    incomplete,
    folds,
    clips: clipsOf(ensemble).length,
    trainedAt: trainedAt(file, runs),
    seconds: durations[durations.length >> 1]!,
    single: modelFigures(file.labels, seeds),
    ensemble: seeds.length > 1 ? modelFigures(file.labels, [ensemble]) : undefined,
  };
}

/** What tables have a row or a column for: the single model, and the ensemble where there is one. */
export function modelsOf({ seeds, single, ensemble }: ProtocolFigures): { name: string; model: ModelFigures }[] {
  return [
    { name: `single model, ${counted(seeds.length, 'seed')}`, model: single },
    ...(ensemble ? [{ name: `ensemble of ${seeds.length}`, model: ensemble }] : []),
  ];
}

/** How far the UAR of women and that of men lie apart; NaN where one of them was not tested. */
export function sexGap({ pooled }: ModelFigures): number {
  const { female, male } = pooled.groups.sex ?? {};
  return Math.abs((female?.uar ?? Number.NaN) - (male?.uar ?? Number.NaN));
}
