// folds as they are done → a file of results that is up to date at any time

import { basename } from 'node:path';
import type { CrossValidateProgress, FoldProgress } from 'speech-emotion';
import { isUnchanged } from '../corpus/changedClips.ts';
import type { ResultFile, ResultRun } from './resultFile.ts';
import { allChecks, checkSameKind, type ResultHead, type ResultStore, withRun } from './resultStore.ts';
import { revision } from './revision.ts';

/** Digits behind the point of a probability: nothing that is worked out from them changes by what is left out. */
const DIGITS = 5;

/** Writes what each fold says into a {@link ResultFile}; runs of earlier calls that are of the same recipe stay. */
export class RunRecord {
  readonly #store: ResultStore;
  readonly #backend: string;
  readonly #revision = revision();
  readonly #starts = new Map<string, number>();
  #file: ResultFile;

  /**
   * @param backend what trains
   * @throws {UsageError} when the store holds results of another recipe
   */
  constructor(store: ResultStore, head: ResultHead, backend: string) {
    this.#store = store;
    this.#backend = backend;
    const before = store.read();
    checkSameKind(store.path, before, head);
    this.#file = before ?? { ...head, commit: this.#revision, checks: [], runs: [] };
  }

  /** What there is so far. */
  get file(): ResultFile {
    return this.#file;
  }

  /** To be called with everything that a cross-validation tells. */
  readonly take = (event: CrossValidateProgress): void => {
    const key = `${event.seed} ${event.fold}`;
    if (event.type === 'training') {
      if (!this.#starts.has(key)) this.#starts.set(key, performance.now());
    } else {
      this.#add(event, this.#starts.get(key));
    }
  };

  /** @param checks what was checked, when all is over: added to what earlier calls did */
  finish(checks: readonly string[]): void {
    this.#file = { ...this.#file, checks: allChecks(this.#file.checks, checks) };
    this.#store.write(this.#file);
  }

  #add({ seed, fold, stored, evaluation }: FoldProgress, start: number | undefined): void {
    const clips = evaluation.clips.filter(isUnchanged);
    const before = this.#file.runs.find((run) => run.seed === seed && run.fold === fold);
    const { commit, backend } = before && stored ? before : { commit: this.#revision, backend: this.#backend };
    const run: ResultRun = {
      ...{ seed, fold },
      ...(commit && commit !== this.#file.commit ? { commit } : {}),
      ...(backend && backend !== 'wasm' ? { backend } : {}),
      seconds: start === undefined ? (before?.seconds ?? 0) : Math.round((performance.now() - start) / 1000),
      testClips: Object.fromEntries(
        clips.map(({ name, probabilities }) => [basename(name), probabilities.map((p) => Number(p.toFixed(DIGITS)))]),
      ),
    };
    this.#file = { ...this.#file, runs: withRun(this.#file.runs, run) };
    this.#store.write(this.#file);
  }
}
