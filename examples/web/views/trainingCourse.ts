// progress of a training → bar, charts, tables, and texts for screen readers

import type { EpochRecord } from 'speech-emotion';
import { byId, make, percent, say } from '../dom.ts';
import { drawConfusion } from '../pictures/confusion.ts';
import { Curves } from '../pictures/curves.ts';
import { indexOfGreatest } from '../pictures/greatest.ts';
import type { Outcome, Progress } from '../training/messages.ts';

const status = byId('training-status');
const bar = byId<HTMLProgressElement>('training-progress');
const now = byId('training-now');
const warnings = byId('training-warnings');
const confusion = byId<HTMLTableElement>('training-confusion');

let charts: Promise<Curves> | undefined;

/** The display of a training, while it runs and after. */
export class TrainingCourse {
  readonly #curves: Curves;
  #labels: readonly string[] = [];
  #records: EpochRecord[] = [];
  readonly #epochs: number;
  /** When the first batch of this session ended, and the number of batches since. */
  #since: number | undefined;
  #steps = 0;

  private constructor(curves: Curves, epochs: number) {
    this.#curves = curves;
    this.#epochs = epochs;
    byId('training-course').hidden = true;
    warnings.hidden = true;
    warnings.replaceChildren();
    bar.value = 0;
    say(now, '');
  }

  /** Makes the charts, which takes a moment, before the training starts. */
  static async prepare(): Promise<void> {
    charts ??= Curves.create(byId('training-charts'));
    await charts;
  }

  /** @param epochs of the run */
  static async begin(epochs: number): Promise<TrainingCourse> {
    await TrainingCourse.prepare();
    return new TrainingCourse(await charts!, epochs);
  }

  take(progress: Progress): void {
    if (progress.type === 'backend') say(status, progress.words);
    else if (progress.type === 'warning') this.#warn(progress.words);
    else if (progress.type === 'features') this.#features(progress.done, progress.total);
    else if (progress.type === 'clips') this.#begin(progress.labels, progress.trained, progress.heldOut);
    else if (progress.type === 'resume') this.#resume(progress.history, progress.epochs, progress.batches);
    else if (progress.type === 'batch') this.#batch(progress);
    else if (progress.type === 'epoch') this.#epoch(progress);
  }

  /** Shows the scores of the best epoch's weights. */
  finish({ score, bestEpoch, history }: Outcome): void {
    bar.value = 1;
    const { low, high } = score.interval;
    const between = low < high ? `; with other speakers between ${percent(low)} and ${percent(high)}, likely` : '';
    say(now, `Done after ${history.length} epochs. Kept is what epoch ${bestEpoch} had learnt.`);
    say(status, `Trained: UAR ${percent(score.uar)} on what was held out${between}.`);
    const words = `Held-out clips after training (epoch ${bestEpoch}): ${sumOf(score.confusion)} clips, ${percent(score.war)} of them right`;
    drawConfusion(confusion, score.confusion, score.labels, words);
  }

  #warn(words: string): void {
    warnings.hidden = false;
    warnings.append(make('li', {}, words));
  }

  #features(done: number, total: number): void {
    byId('training-course').hidden = false;
    if (done === 1) say(status, `Reading ${total} recordings …`);
    bar.value = done / total;
    say(now, `Recording ${done} of ${total} read and turned into features.`);
  }

  #begin(labels: readonly string[], trained: number, heldOut: number): void {
    byId('training-course').hidden = false;
    this.#labels = labels;
    this.#curves.begin(this.#epochs, labels.length);
    byId('training-epochs-table').querySelector('tbody')!.replaceChildren();
    confusion.replaceChildren();
    bar.value = 0;
    say(status, `Training on ${trained} clips; ${heldOut} are held out.`);
    say(now, 'The first batch …');
  }

  #resume(history: readonly EpochRecord[], epochs: number, batches: number): void {
    this.#curves.begin(this.#epochs, this.#labels.length, history);
    for (const record of history) this.#record(record);
    const more = batches > 0 ? ` and ${batches} batches` : '';
    say(status, `Goes on after epoch ${epochs}${more}.`);
  }

  #batch({ epoch, epochs, batch, batches, loss, learningRate }: Extract<Progress, { type: 'batch' }>): void {
    const done = epoch - 1 + batch / batches;
    this.#curves.batch(done, loss);
    this.#since ??= performance.now();
    const seconds = (performance.now() - this.#since) / 1000;
    const left = this.#steps > 0 ? timeLeft(((epochs - done) * batches * seconds) / this.#steps) : '';
    this.#steps++;
    bar.value = done / epochs;
    const figures = `loss ${loss.toFixed(2)}, learning rate ${learningRate.toPrecision(2)}`;
    say(now, `Epoch ${epoch} of ${epochs}, batch ${batch} of ${batches}: ${figures}. ${left}`);
  }

  #epoch({ epoch, epochs, record, best, confusion: counts }: Extract<Progress, { type: 'epoch' }>): void {
    this.#curves.epoch(record);
    this.#record(record);
    const uar = percent(record.validation?.uar ?? 0);
    say(
      status,
      `Epoch ${epoch} of ${epochs} is over: UAR ${uar} on what was held out${best ? ', the best so far' : ''}.`,
    );
    const words = `Held-out clips after epoch ${epoch}: ${sumOf(counts)} clips, UAR ${uar}`;
    drawConfusion(confusion, counts, this.#labels, words);
  }

  #record(record: EpochRecord): void {
    this.#records.push(record);
    const { epoch, loss, validation } = record;
    const cells = [loss.toFixed(3), validation?.loss.toFixed(3) ?? '–', validation ? percent(validation.uar) : '–'];
    byId('training-epochs-table')
      .querySelector('tbody')!
      .append(
        make('tr', {}, make('th', { scope: 'row' }, String(epoch)), ...cells.map((text) => make('td', {}, text))),
      );
    const first = this.#records[0]!;
    const course = (figure: (record: EpochRecord) => string) =>
      first === record ? figure(record) : `from ${figure(first)} to ${figure(record)}`;
    const held = validation ? `, on held-out clips ${course(({ validation }) => validation!.loss.toFixed(2))}` : '';
    const epochs = `${epoch} of ${this.#epochs} epochs`;
    byId('training-loss').ariaLabel =
      `Loss over ${epochs}: in training ${course(({ loss }) => loss.toFixed(2))}${held}`;
    const uars = this.#records.map(({ validation }) => validation?.uar ?? 0);
    const most = `highest after epoch ${this.#records[indexOfGreatest(uars)]!.epoch}`;
    byId('training-uar').ariaLabel =
      `UAR over ${epochs}: ${course(({ validation }) => percent(validation?.uar ?? 0))}, ${most}; ` +
      `${percent(1 / this.#labels.length)} would be chance`;
  }
}

function sumOf(confusion: readonly (readonly number[])[]): number {
  return confusion.flat().reduce((a, b) => a + b, 0);
}

function timeLeft(seconds: number): string {
  if (seconds < 60) return `About ${Math.max(1, Math.round(seconds))} seconds left.`;
  if (seconds < 5400) return `About ${Math.round(seconds / 60)} minutes left.`;
  return `About ${(seconds / 3600).toFixed(1)} hours left.`;
}
