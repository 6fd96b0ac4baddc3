// recordings done → a bar on a terminal, and lines above it

import { SingleBar } from 'cli-progress';
import { printable } from './printable.ts';

/** Shows on standard error how far the work is. */
export interface Progress {
  /**
   * @param done recordings, with the part of the one that is worked on
   * @param of how many there are, where that is known here and not by {@link setTotal}
   */
  at(done: number, name: string, of?: number): void;
  /** How many there are, once that is known. */
  setTotal(total: number): void;
  /** Writes a line to standard error. */
  say(line: string): void;
  /** Makes room for a line on standard output, which may be the same terminal. */
  giveWay(): void;
  stop(): void;
}

/** A bar, if standard error is a terminal; nothing else, in a log or a pipe. */
export function showProgress(): Progress {
  const { stderr } = process;
  const write = (line: string) => stderr.write(`${printable(line)}\n`);
  if (!stderr.isTTY) return { at() {}, setTotal() {}, say: write, giveWay() {}, stop() {} };
  const bar = new SingleBar({
    format: '{bar} {percentage} %, {eta_formatted} left  {name}',
    ...{ barCompleteChar: '█', barIncompleteChar: '·', barsize: 24, hideCursor: false },
    ...{ clearOnComplete: true, gracefulExit: false, etaBuffer: 50, linewrap: false, stream: stderr },
  });
  let isShown = false;
  let total: number | undefined;
  const giveWay = () => {
    if (!isShown) return;
    stderr.cursorTo(0);
    stderr.clearLine(0);
  };
  return {
    at(done, name, of = total) {
      total = of;
      // A bar of unknown length says nothing; a count does, and soon it is known.
      if (total === undefined) return;
      if (!isShown) bar.start(total, done, { name: printable(name) });
      else bar.update(done, { name: printable(name) });
      isShown = true;
    },
    setTotal(known) {
      total = known;
    },
    say(line) {
      giveWay();
      write(line);
    },
    giveWay,
    stop() {
      if (isShown) bar.stop();
      isShown = false;
    },
  };
}
