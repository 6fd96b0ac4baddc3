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

interface RecordOptions {
  /** Results of the same models, where they are not trained but only asked again: when and at which commit they were trained stays. */
  readonly recorded?: ResultFile | undefined;
  /** Of the code that trains. @default that of the working copy */
  readonly commit?: string | undefined;
}

/** Writes the predictions of each fold to a {@link ResultFile}; runs of earlier calls with the same configuration stay. */
export class RunRecord {
  readonly #store: ResultStore<ResultFile>;
  readonly #backend: string;
  readonly #revision: string;
  readonly #recorded: ResultFile | undefined;
  readonly #starts = new Map<string, number>();
  #file: ResultFile;

  /**
   * @param backend that trains
   * @throws {UsageError} when the store holds results of another configuration
   */
  constructor(
    store: ResultStore<ResultFile>,
    head: ResultHead,
    backend: string,
    { recorded, commit = recorded?.commit ?? revision() }: RecordOptions = {},
  ) {
    this.#revision = commit;
    this.#recorded = recorded;
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
    const isThis = (run: ResultRun) => run.seed === seed && run.fold === fold;
    const asked = this.#recorded?.runs.find(isThis);
    const before = asked ?? this.#file.runs.find(isThis);
    const { commit, backend } =
      before && (stored || asked) ? before : { commit: this.#revision, backend: this.#backend };
    const run: ResultRun = {
      ...{ seed, fold },
      ...(commit && commit !== this.#file.commit ? { commit } : {}),
      ...(backend && backend !== 'wasm' ? { backend } : {}),
      seconds: start === undefined || asked ? (before?.seconds ?? 0) : Math.round((performance.now() - start) / 1000),
      testClips: Object.fromEntries(
        clips.map(({ name, probabilities }) => [basename(name), probabilities.map((p) => Number(p.toFixed(DIGITS)))]),
      ),
    };
    this.#file = { ...this.#file, runs: withRun(this.#file.runs, run) };
    this.#store.write(this.#file).catch(() => {}); // `finish` writes it again and tells
  }
}
