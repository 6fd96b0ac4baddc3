// results + further runs, or checks, of the same kind → both together, each once

import type { ResultFile, ResultRun, RobustnessFile } from './resultFile.ts';

/** Results with the runs of others of the same kind, which keep the revision that they were trained at. */
export function joinRuns(results: ResultFile, others: ResultFile): ResultFile {
  const runs = others.runs.map((run) => {
    const { seed, fold, commit = others.commit, ...rest } = run;
    return { seed, fold, ...(commit === results.commit ? {} : { commit }), ...rest };
  });
  return {
    ...results,
    checks: joinChecks(results.checks, others.checks),
    runs: runs.reduce<readonly ResultRun[]>(withRun, results.runs),
  };
}

/** The same of perturbed clips: the runs of each condition; one that only some have stays as it is. */
export function joinConditions(results: RobustnessFile, others: RobustnessFile): RobustnessFile {
  const known = new Map(results.conditions.map((condition) => [condition.name, condition]));
  for (const { runs, ...condition } of others.conditions) {
    const before = known.get(condition.name)?.runs ?? [];
    known.set(condition.name, { ...condition, runs: runs.reduce((all, run) => withRun(all, run), before) });
  }
  return { ...results, checks: joinChecks(results.checks, others.checks), conditions: [...known.values()] };
}

/** The checks of both: one may have had folds, with copies to leave out, that the other did not have. */
export function joinChecks(some: readonly string[], others: readonly string[]): string[] {
  return [...new Set([...some, ...others])];
}

/** The runs with another in place of the one of its seed and fold, in the order of both. */
export function withRun<T extends { readonly seed: number; readonly fold: string }>(runs: readonly T[], run: T): T[] {
  const others = runs.filter(({ seed, fold }) => seed !== run.seed || fold !== run.fold);
  return [...others, run].sort((a, b) => a.seed - b.seed || (a.fold < b.fold ? -1 : 1));
}
