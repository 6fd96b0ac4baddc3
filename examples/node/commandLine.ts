// argv → typed options; errors → one line and an exit code

import { type ParseArgsConfig, parseArgs } from 'node:util';

/** A fault of the command line, printed in one line, without a stack. */
export class UsageError extends Error {}

/** Reads the command line; with `--help`, prints `usage` and ends the process. */
export function readArguments<const T extends NonNullable<ParseArgsConfig['options']>>(usage: string, options: T) {
  try {
    const config = { options: { ...options, help: { type: 'boolean', short: 'h' } }, allowPositionals: true } as const;
    const { values, positionals } = parseArgs(config satisfies ParseArgsConfig);
    if ((values as { help?: boolean }).help) {
      console.log(usage.trim());
      process.exit(0);
    }
    return { ...(values as ReturnType<typeof parseArgs<{ options: T }>>['values']), positionals };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nTry --help.`, { cause: error });
  }
}

/** Runs a program. After an error the exit code is 1; errors that the user can fix are printed in one line. */
export async function run(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    console.error(isExpected(error) ? (error as Error).message : error);
    process.exitCode = 1;
  }
}

/** Errors of the library have codes, as those of the file system have; a RangeError names the wrong value. */
function isExpected(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return error instanceof UsageError || error instanceof RangeError || (code ?? cause?.code) !== undefined;
}

/** A signal that Ctrl-C aborts; pressed again, it ends the process at once. */
export function interruptible(message: string): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort(new UsageError(message)));
  return controller.signal;
}

/** `12` → 12. */
export function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new UsageError(`Cannot read --${name}: it must be a whole number, got ${text}`);
  }
  return value;
}
