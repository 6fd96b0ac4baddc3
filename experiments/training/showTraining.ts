// progress of `train` → a bar over all steps, and a line for each epoch

import type { TrainProgress } from 'speech-emotion';
import { type Progress, showProgress } from '../../examples/node/progress.ts';
import { percent } from '../report/printEvaluation.ts';

/** Pass `onProgress` to `train`; call `stop` when it is over, even if it failed. */
export function showTraining(title = 'Training'): { onProgress(event: TrainProgress): void; stop(): void } {
  let bar: Progress | undefined;
  const onProgress = (event: TrainProgress) => {
    if (event.type === 'resume') console.log(`Going on after epoch ${event.epochs}.`);
    if (event.type === 'batch') {
      const { epoch, epochs, batch, batches, loss } = event;
      bar ??= showProgress(title, epochs * batches);
      bar.update((epoch - 1) * batches + batch, `epoch ${epoch} of ${epochs}, loss ${loss.toFixed(3)}`);
    }
    if (event.type === 'epoch') {
      const { loss, validation } = event.record;
      const held = validation && `, in validation ${validation.loss.toFixed(3)} with UAR ${percent(validation.uar)}`;
      bar?.log(
        `Epoch ${event.epoch} of ${event.epochs}: loss ${loss.toFixed(3)}${held ?? ''}${event.best ? ', best so far' : ''}`,
      );
    }
  };
  const stop = () => {
    bar?.stop();
    bar = undefined; // the next training has a bar of its own
  };
  return { onProgress, stop };
}
