// batches, epochs → two charts: the loss, and the UAR on held-out clips

import type { EpochRecord } from 'speech-emotion';
import type uPlot from 'uplot';
import { lineChart } from './lineChart.ts';

/** Between two redraws: a fast training has hundreds of batches per second. */
const PAUSE_MS = 200;

/** A point for each batch, and the scores at the end of each epoch. */
export class Curves {
  readonly #loss: uPlot;
  readonly #uar: uPlot;
  readonly #extent: { epochs: number };
  #positions: number[] = [];
  #batchLoss: (number | null)[] = [];
  #records: EpochRecord[] = [];
  #chance = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(loss: uPlot, uar: uPlot, extent: { epochs: number }) {
    this.#loss = loss;
    this.#uar = uar;
    this.#extent = extent;
  }

  /**
   * Makes the charts without blocking the page.
   *
   * @param place holds two elements for charts, and the captions whose marks have the colours
   */
  static async create(place: HTMLElement): Promise<Curves> {
    const extent = { epochs: 1 };
    const epochs = () => extent.epochs;
    const mark = (name: string) => place.querySelector(`.mark-${name}`)!;
    const heldOut = { mark: mark('held-out'), width: 2, dash: [6, 4], points: true };
    const [first, second] = place.querySelectorAll<HTMLElement>('.chart');
    const batches = { mark: mark('batch'), width: 1 };
    const loss = lineChart(first!, [batches, { mark: mark('training'), width: 2, points: true }, heldOut], { epochs });
    await new Promise(requestAnimationFrame);
    const chance = { mark: mark('chance'), width: 1, dash: [2, 4] };
    const uar = lineChart(second!, [heldOut, chance], { epochs, range: [0, 100], unit: ' %' });
    return new Curves(loss, uar, extent);
  }

  /** Starts with empty charts, or with the epochs of a resumed run. */
  begin(epochs: number, labels: number, history: readonly EpochRecord[] = []): void {
    this.#extent.epochs = epochs;
    this.#chance = 100 / labels;
    this.#positions = [0];
    this.#batchLoss = [null];
    this.#records = [];
    for (const record of history) this.epoch(record);
    this.#drawSoon();
  }

  /** @param position in epochs: 1.5 is the middle of the second */
  batch(position: number, loss: number): void {
    this.#positions.push(position);
    this.#batchLoss.push(loss);
    this.#drawSoon();
  }

  epoch(record: EpochRecord): void {
    this.#records.push(record);
    if (this.#positions.at(-1) !== record.epoch) this.#positions.push(record.epoch);
    while (this.#batchLoss.length < this.#positions.length) this.#batchLoss.push(null);
    this.#drawSoon();
  }

  #drawSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#drawLoss();
      requestAnimationFrame(() => this.#drawUar());
    }, PAUSE_MS);
  }

  #drawLoss(): void {
    const byEpoch = new Map(this.#records.map((record) => [record.epoch, record]));
    const atEpochs = (figure: (record: EpochRecord) => number | undefined) =>
      this.#positions.map((position) => {
        const record = byEpoch.get(position);
        return (record && figure(record)) ?? null;
      });
    this.#loss.setData([
      this.#positions,
      this.#batchLoss,
      atEpochs(({ loss }) => loss),
      atEpochs(({ validation }) => validation?.loss),
    ]);
  }

  #drawUar(): void {
    this.#uar.setData([
      [0, ...this.#records.map(({ epoch }) => epoch), this.#extent.epochs],
      [null, ...this.#records.map(({ validation }) => 100 * (validation?.uar ?? 0)), null],
      [this.#chance, ...this.#records.map(() => this.#chance), this.#chance],
    ]);
  }
}
