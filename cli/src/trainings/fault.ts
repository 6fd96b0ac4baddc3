// error → plain data, and back, so that callers catch the same class on another machine

import { BackendError, TrainingError } from 'speech-emotion';

/** An error as plain data. */
export interface Fault {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause: Fault | undefined;
}

/** The classes that errors come back as; any other becomes an `Error` of its name. */
const CLASSES: Readonly<Record<string, new (message: string, options: ErrorOptions) => Error>> = {
  BackendError,
  RangeError,
  TrainingError,
  TypeError,
};

/** Causes are told three deep. */
export function faultOf(error: unknown, depth = 3): Fault {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined, cause: undefined };
  const { name, message, stack, cause } = error;
  return { name, message, stack, cause: cause === undefined || depth === 0 ? undefined : faultOf(cause, depth - 1) };
}

/** The error that {@link faultOf} was given, with the stack of where it was thrown. */
export function errorOf({ name, message, stack, cause }: Fault): Error {
  const error = new (CLASSES[name] ?? Error)(message, cause ? { cause: errorOf(cause) } : {});
  if (error.name !== name) error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
