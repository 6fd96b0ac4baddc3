// steps done → a bar on a terminal, lines in a log

import { MultiBar, Presets } from 'cli-progress';

/** Shows the progress of a job. */
export interface Progress {
  /** @param note e.g. the loss; shown behind the bar */
  update(done: number, note?: string): void;
  /** Prints a line above the bar. */
  log(line: string): void;
  stop(): void;
}

/**
 * A bar, if standard error is a terminal.
 *
 * @param logEvery otherwise, a line each time that this share of the job is done
 */
export function showProgress(title: string, total: number, { logEvery = Infinity } = {}): Progress {
  if (!process.stderr.isTTY) {
    let next = logEvery;
    const update = (done: number) => {
      if (done / total < next) return;
      console.log(`${title}: ${done} of ${total}`);
      next += logEvery;
    };
    return { update, log: (line) => console.log(line), stop() {} };
  }
  const format = `${title} {bar} {percentage} %, {eta_formatted} left  {note}`;
  // A group of one: only groups can write lines above the bar. Callers handle Ctrl-C, see `interruptible`.
  const bars = new MultiBar(
    { format, clearOnComplete: true, etaBuffer: 50, gracefulExit: false },
    Presets.shades_classic,
  );
  const bar = bars.create(total, 0, { note: '' });
  return {
    update: (done, note = '') => bar.update(done, { note }),
    log(line) {
      bars.log(`${line}\n`);
      bars.update();
    },
    stop: () => bars.stop(),
  };
}
