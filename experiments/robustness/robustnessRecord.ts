// folds as they are done → what is recognised of the clips that were made worse, in a file that is up to date at any time

import { basename } from 'node:path';
import { argMax, type CrossValidateProgress, type EvaluatedClip } from 'speech-emotion';
import { changedName, isUnchanged, originalName } from '../corpus/changedClips.ts';
import type { RobustnessCondition, RobustnessFile } from '../results/resultFile.ts';
import { allChecks, checkSameKind, type ResultHead, readResult, withRun, writeResult } from '../results/resultStore.ts';
import { revision } from '../results/revision.ts';
import type { Perturbation } from './perturbations.ts';

/** Writes a {@link RobustnessFile}; what earlier calls left stays. */
export class RobustnessRecord {
  readonly #path: string;
  #file: RobustnessFile;

  /** @throws {UsageError} when the file holds results of another recipe */
  constructor(path: string, head: ResultHead, perturbations: readonly Perturbation[]) {
    this.#path = path;
    const before = readResult<RobustnessFile>(path);
    checkSameKind(path, before, head);
    this.#file = {
      ...{ ...head, commit: before?.commit ?? revision(), checks: before?.checks ?? [] },
      conditions: perturbations.map(({ name, says }) => ({
        ...{ name, says },
        runs: before?.conditions.find((condition) => condition.name === name)?.runs ?? [],
      })),
    };
  }

  /** To be called with everything that a cross-validation tells. */
  readonly take = (event: CrossValidateProgress): void => {
    if (event.type !== 'fold') return;
    const { seed, fold, evaluation } = event;
    const conditions = this.#file.conditions.map(({ name, says, runs }): RobustnessCondition => {
      const recognised = inOrder(evaluation.clips, name).map(({ probabilities }) => argMax(probabilities));
      return { name, says, runs: withRun(runs, { seed, fold, recognised: recognised.join('') }) };
    });
    this.#file = { ...this.#file, conditions };
    this.#write();
  };

  /** @param checks what was checked, when all is over: added to what earlier calls did */
  finish(checks: readonly string[]): void {
    this.#file = { ...this.#file, checks: allChecks(this.#file.checks, checks) };
    this.#write();
  }

  #write(): void {
    writeResult(this.#path, this.#file, 'conditions');
  }
}

/** The clips of a condition, by the names of the files that they were made of; `clean` is the clips as they are. */
function inOrder(clips: readonly EvaluatedClip[], condition: string): EvaluatedClip[] {
  const own = clips.filter((clip) =>
    condition === 'clean' ? isUnchanged(clip) : clip.name === changedName(originalName(clip), condition),
  );
  const file = (clip: EvaluatedClip) => basename(originalName(clip));
  return own.sort((a, b) => (file(a) < file(b) ? -1 : 1));
}
