// what train tells → a line for each epoch, a bar on a terminal, and how much is kept

import type { EpochProgress, TrainProgress } from 'speech-emotion';
import { showProgress } from './progress.ts';

/** Shows on standard error how far a training is. */
export class TrainingProgress {
  readonly #progress = showProgress();
  /** Epochs that the checkpoint holds; undefined while there is none of this training. */
  kept: number | undefined;

  tell(event: TrainProgress): void {
    if (event.type === 'batch') {
      const { epoch, epochs, batch, batches } = event;
      this.#progress.at(epoch - 1 + batch / batches, `epoch ${epoch} of ${epochs}`, epochs);
    } else if (event.type === 'epoch') {
      this.#progress.say(lineOf(event));
    } else {
      this.kept = event.epochs;
      if (event.type === 'resume') this.#progress.say(`Going on (epochs done: ${event.epochs}).`);
    }
  }

  say(line: string): void {
    this.#progress.say(line);
  }

  stop(): void {
    this.#progress.stop();
  }
}

function lineOf({ epoch, epochs, record: { loss, validation }, best }: EpochProgress): string {
  const own = `epoch ${epoch} of ${epochs}: loss ${loss.toFixed(3)}`;
  if (!validation) return own;
  return `${own}, UAR ${(100 * validation.uar).toFixed(1)} % on speakers held out${best ? ', the best so far' : ''}`;
}
