// finished folds → the labels predicted for perturbed clips, in a file that is kept up to date

import { basename } from 'node:path';
import type { CrossValidateProgress } from 'speech-emotion';
import { argMax, type EvaluatedClip } from 'speech-emotion/evaluation';
import { changedName, isUnchanged, originalName } from '../corpus/changedClips.ts';
import { joinChecks, withRun } from '../results/joinRuns.ts';
import type { RobustnessCondition, RobustnessFile } from '../results/resultFile.ts';
import { checkSameKind, type ResultHead, type ResultStore, resultStore } from '../results/resultStore.ts';
import { revision } from '../results/revision.ts';
import type { Perturbation } from './perturbations.ts';

/** Writes a {@link RobustnessFile}; results of earlier runs stay. */
export class RobustnessRecord {
  readonly #store: ResultStore<RobustnessFile>;
  #file: RobustnessFile;

  /** @throws {UsageError} when the file holds results of another configuration */
  constructor(path: string, head: ResultHead, perturbations: readonly Perturbation[]) {
    this.#store = resultStore<RobustnessFile>(path, 'conditions');
    const before = this.#store.read();
    checkSameKind(path, before, head);
    this.#file = {
      ...{ ...head, commit: before?.commit ?? revision(), checks: before?.checks ?? [] },
      conditions: perturbations.map(({ name, description }) => ({
        ...{ name, description },
        runs: before?.conditions.find((condition) => condition.name === name)?.runs ?? [],
      })),
    };
  }

  /** To be called with all progress of a cross-validation. */
  readonly take = (event: CrossValidateProgress): void => {
    if (event.type !== 'fold') return;
    const { seed, fold, evaluation } = event;
    const conditions = this.#file.conditions.map(({ name, description, runs }): RobustnessCondition => {
      const recognised = inOrder(evaluation.clips, name).map(({ probabilities }) => argMax(probabilities));
      return { name, description, runs: withRun(runs, { seed, fold, recognised: recognised.join('') }) };
    });
    this.#file = { ...this.#file, conditions };
    this.#store.write(this.#file).catch(() => {}); // `finish` writes it again and tells
  };

  /**
   * To be called at the end; resolves when everything is written.
   *
   * @param checks of the cross-validation: added to those of earlier calls
   */
  async finish(checks: readonly string[]): Promise<void> {
    this.#file = { ...this.#file, checks: joinChecks(this.#file.checks, checks) };
    await this.#store.write(this.#file);
  }
}

/** The clips of a condition, sorted by the names of their original files; `clean` has the originals. */
function inOrder(clips: readonly EvaluatedClip[], condition: string): EvaluatedClip[] {
  const own = clips.filter((clip) =>
    condition === 'clean' ? isUnchanged(clip) : clip.name === changedName(originalName(clip), condition),
  );
  const file = (clip: EvaluatedClip) => basename(originalName(clip));
  return own.sort((a, b) => (file(a) < file(b) ? -1 : 1));
}
