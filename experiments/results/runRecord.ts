// finished folds → a file of results that is kept up to date

import { basename } from 'node:path';
import type { CrossValidateProgress, FoldProgress } from 'speech-emotion';
import { isUnchanged } from '../corpus/changedClips.ts';
import { joinChecks, withRun } from './joinRuns.ts';
import type { ResultFile, ResultRun } from './resultFile.ts';
import { checkSameKind, type ResultHead, type ResultStore } from './resultStore.ts';
import { revision } from './revision.ts';

/** Decimals of a stored probability; further ones would change no score. */
const DIGITS = 5;

/** Writes the predictions of each fold to a {@link ResultFile}; runs of earlier calls with the same configuration stay. */
export class RunRecord {
  readonly #store: ResultStore<ResultFile>;
  readonly #backend: string;
  readonly #revision: string;
  readonly #starts = new Map<string, number>();
  #file: ResultFile;

  /**
   * @param backend that trains
   * @param commit of the code that trains: that of the working copy, unless it was taken elsewhere
   * @throws {UsageError} when the store holds results of another configuration
   */
  constructor(store: ResultStore<ResultFile>, head: ResultHead, backend: string, commit = revision()) {
    this.#revision = commit;
    this.#store = store;
    this.#backend = backend;
    const before = store.read();
    checkSameKind(store.path, before, head);
    this.#file = before ?? { ...head, commit: this.#revision, checks: [], runs: [] };
  }

  /** The results so far. */
  get file(): ResultFile {
    return this.#file;
  }

  /** To be called with all progress of a cross-validation. */
  readonly take = (event: CrossValidateProgress): void => {
    const key = `${event.seed} ${event.fold}`;
    if (event.type === 'training') {
      if (!this.#starts.has(key)) this.#starts.set(key, performance.now());
    } else {
      this.#add(event, this.#starts.get(key));
    }
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
    this.#store.write(this.#file).catch(() => {}); // `finish` writes it again and tells
  }
}
