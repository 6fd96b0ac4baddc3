// progress of a cross-validation that may be stopped → how far it came, in words

import type { CrossValidateProgress } from 'speech-emotion';

/** Why the trainings are stopped: no fault. */
export class Stopped extends Error {}

/** How far the trainings came. */
export class Reached {
  readonly #epochs = new Map<string, string>();
  /** Folds that are done. */
  done = 0;

  /** To be called with all progress of a cross-validation. */
  readonly take = (event: CrossValidateProgress): void => {
    const key = `${event.fold}, seed ${event.seed}`;
    if (event.type === 'fold') {
      this.done = event.done;
      this.#epochs.delete(key);
    } else if (event.progress.type === 'epoch') {
      this.#epochs.set(key, `epoch ${event.progress.epoch} of ${event.progress.epochs}`);
    } else if (event.progress.type === 'resume') {
      this.#epochs.set(key, `epoch ${event.progress.epochs}`);
    }
  };

  /** For those who started it. */
  says(total: number, path: string): string {
    const folds =
      this.done > 0 ? `${this.done} of ${total} folds are done: ${path}` : `No fold is done yet, of ${total}`;
    const begun = [...this.#epochs].map(([name, epoch]) => `\n  ${name}: ${epoch}`);
    return [
      `${folds}.`,
      begun.length > 0 ? ` Kept in the folder state:${begun.join('')}` : ' No training has ended an epoch.',
      '\nStarted again, it goes on there.',
    ].join('');
  }
}
