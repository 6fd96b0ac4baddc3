// progress of `crossValidate` → a bar over all folds, and a line for each epoch and fold

import type { CrossValidateProgress } from 'speech-emotion';
import { type Progress, showProgress } from '../../examples/node/progress.ts';
import { ofUnchanged } from '../corpus/changedClips.ts';
import { summary } from '../report/printEvaluation.ts';

/**
 * Folds may be trained in parallel, so each line names its fold. Call `stop` when it is over, even if it failed.
 *
 * @param total folds, over all seeds
 */
export function showFolds(total: number): { onProgress(event: CrossValidateProgress): void; stop(): void } {
  let bar: Progress | undefined;
  const log = (line: string) => (bar ? bar.log(line) : console.log(line));
  const shares = new Map<string, number>(); // the share of each fold that is done
  const onProgress = (event: CrossValidateProgress) => {
    const name = `${event.fold}, seed ${event.seed}`;
    if (event.type === 'fold') {
      shares.set(name, 1);
      log(`Fold ${event.done} of ${total}: ${summary(name, ofUnchanged(event.evaluation))}`);
      return;
    }
    const { progress } = event;
    if (progress.type === 'epoch') {
      log(`${name}: epoch ${progress.epoch} of ${progress.epochs}, loss ${progress.record.loss.toFixed(3)}`);
    }
    if (progress.type !== 'batch') return;
    shares.set(name, (progress.epoch - 1 + progress.batch / progress.batches) / progress.epochs);
    bar ??= showProgress('Cross-validation', total);
    const done = [...shares.values()].reduce((sum, share) => sum + share, 0);
    bar.update(done, `${name}: epoch ${progress.epoch} of ${progress.epochs}`);
  };
  return { onProgress, stop: () => bar?.stop() };
}
