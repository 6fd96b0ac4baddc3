// a run of tests → the files that take unusually long, by name, while they still run: a hang otherwise leaves no trace in a log

import type { Reporter, TestModule } from 'vitest/node';

const LONG = 4 * 60_000;
const EVERY = 60_000;

export default class StillRunning implements Reporter {
  readonly #started = new Map<TestModule, number>();
  #timer: NodeJS.Timeout | undefined;

  onTestRunStart(): void {
    this.#timer = setInterval(() => this.#report(), EVERY).unref();
  }

  onTestModuleStart(module: TestModule): void {
    this.#started.set(module, Date.now());
  }

  onTestModuleEnd(module: TestModule): void {
    this.#started.delete(module);
  }

  onTestRunEnd(): void {
    clearInterval(this.#timer);
  }

  #report(): void {
    for (const [{ relativeModuleId, project }, start] of this.#started) {
      const minutes = (Date.now() - start) / 60_000;
      if (minutes * 60_000 >= LONG) {
        process.stderr.write(`still running after ${minutes.toFixed(0)} min: [${project.name}] ${relativeModuleId}\n`);
      }
    }
  }
}
