// results of a protocol → its figures, for the single model and the ensemble

import { PROTOCOLS } from '../../experiments/protocols/protocols.ts';
import type { ResultFile } from '../../experiments/results/resultFile.ts';
import type { SpeakerRule } from '../../src/exampleSet/namedFold.ts';
import { clipsOf, type ModelFigures, modelFigures } from './modelFigures.ts';
import { completeSeeds, ensembleOf } from './resultRuns.ts';
import { counted, trainedAt } from './words.ts';

/** A protocol's figures and their circumstances. */
export interface ProtocolFigures {
  readonly file: Omit<ResultFile, 'runs'>;
  readonly speakers: SpeakerRule;
  /** Seeds that count, and those that do not because they lack folds. */
  readonly seeds: readonly number[];
  readonly incomplete: readonly number[];
  readonly folds: readonly string[];
  /** Test clips. */
  readonly clips: number;
  /** Revisions of the code that trained, in words. */
  readonly trainedAt: string;
  /** Duration of the median training. */
  readonly seconds: number;
  /** Each seed's model on its own. */
  readonly single: ModelFigures;
  /** The seeds' models averaged; undefined for a single seed. */
  readonly ensemble: ModelFigures | undefined;
}

/**
 * All figures of a protocol.
 *
 * @returns undefined if no seed has all folds
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

/** The rows or columns of tables: the single model, and the ensemble if there is one. */
export function modelsOf({ seeds, single, ensemble }: ProtocolFigures): { name: string; model: ModelFigures }[] {
  return [
    { name: `single model, ${counted(seeds.length, 'seed')}`, model: single },
    ...(ensemble ? [{ name: `ensemble of ${seeds.length}`, model: ensemble }] : []),
  ];
}

/** The difference between the UAR of women and of men; NaN if either was not tested. */
export function sexGap({ pooled }: ModelFigures): number {
  const { female, male } = pooled.groups.sex ?? {};
  return Math.abs((female?.uar ?? Number.NaN) - (male?.uar ?? Number.NaN));
}
