// runs of a file of results → predictions with true labels, of the seeds that have all folds

import { PROTOCOLS } from '../../experiments/protocols/protocols.ts';
import type { ResultFile, ResultRun } from '../../experiments/results/resultFile.ts';
import type { SeedPredictions } from '../../src/crossValidation/crossValidation.ts';
import { parseRavdessName } from '../../src/dataset/ravdessName.ts';
import type { LabelledPrediction } from '../../src/evaluation/labelledPrediction.ts';
import { averagePredictions } from '../../src/evaluation/labelledPredictions.ts';

/** The seeds of a file that count, and those that do not yet. */
export interface CompleteSeeds {
  /** All with their folds in the same order, and these with their clips sorted by file name. */
  readonly seeds: readonly SeedPredictions[];
  /** Seeds that lack folds. */
  readonly incomplete: readonly number[];
  readonly folds: readonly string[];
}

/** What the true label of a clip follows from, with its name. */
type Truth = Pick<ResultFile, 'labels' | 'truth' | 'clips'>;

/**
 * The seeds that have every fold of the protocol: scores of fewer clips are not comparable.
 *
 * @throws {Error} when a seed and fold occurs twice, a clip is tested twice, or a clip's emotion is no label
 */
export function completeSeeds(runs: readonly ResultRun[], file: Truth & Pick<ResultFile, 'protocol'>): CompleteSeeds {
  const folds = PROTOCOLS[file.protocol]!.foldNames;
  const numbers = [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b);
  const own = (seed: number, fold: string) => runs.filter((run) => run.seed === seed && run.fold === fold);
  const isComplete = (seed: number) => folds.every((fold) => own(seed, fold).length > 0);
  const seeds = numbers.filter(isComplete).map((seed) => {
    const predicted = folds.map((fold) => {
      const [run, again] = own(seed, fold);
      if (again) throw new Error(`Cannot count results: seed ${seed} must have one run of ${fold}, got several`);
      return { name: fold, predictions: predictionsOf(run!.testClips, file) };
    });
    const clips = predicted.flatMap(({ predictions }) => predictions.map(({ name }) => name));
    if (new Set(clips).size !== clips.length) {
      throw new Error(`Cannot count results: seed ${seed} must test a clip in one fold only, got a clip twice`);
    }
    return { seed, folds: predicted };
  });
  return { seeds, incomplete: numbers.filter((seed) => !isComplete(seed)), folds };
}

function predictionsOf(clips: ResultRun['testClips'], truth: Truth): LabelledPrediction[] {
  return Object.keys(clips)
    .sort()
    .map((name) => ({ ...clipOf(name, truth), probabilities: clips[name]! }));
}

/**
 * Label, speaker and groups: as they are on record, or by the name of a file of RAVDESS.
 *
 * @throws {Error} when its emotion is none of the labels
 */
function clipOf(name: string, { labels, truth, clips }: Truth): Omit<LabelledPrediction, 'probabilities'> {
  const facts = clips?.[name];
  if (facts) {
    const { label, speaker, sex } = facts;
    return { name, label, speaker, groups: sex ? { sex } : {} };
  }
  const { emotion, actor, sex, intensity } = parseRavdessName(name);
  const label = truth ? (truth[name] ?? -1) : labels.indexOf(emotion);
  if (label < 0) throw new Error(`Cannot count results: ${name} must be of one of ${labels.join(', ')}`);
  const speaker = String(actor).padStart(2, '0');
  return { name, label, speaker, groups: { sex, intensity, actor: speaker } };
}

/**
 * The seeds' mean predictions, fold by fold.
 *
 * @throws {RangeError} when the seeds did not test the same clips in each fold
 */
export function ensembleOf(seeds: readonly SeedPredictions[]): SeedPredictions {
  const folds = seeds[0]!.folds.map(({ name }, i) => ({
    name,
    predictions: averagePredictions(seeds.map((seed) => seed.folds[i]!.predictions)),
  }));
  return { seed: 0, folds };
}
