// Ctrl-C → a signal that aborts, and the exit code that says so

/** Why work ended before its end: somebody at the terminal, or the system. */
export class Interrupted extends Error {
  /** 128 + the number of the signal, as shells have it. */
  readonly exitCode: number;

  constructor(name: 'SIGINT' | 'SIGTERM') {
    super('Stopped.');
    this.exitCode = name === 'SIGINT' ? 130 : 143;
  }
}

/** A signal that aborts on Ctrl-C and on SIGTERM; a second one ends the process at once. */
export function interruptible(): AbortSignal & Disposable {
  const controller = new AbortController();
  const stop = (name: 'SIGINT' | 'SIGTERM') => {
    forget();
    controller.abort(new Interrupted(name));
  };
  const forget = () => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return Object.assign(controller.signal, { [Symbol.dispose]: forget });
}
