// error → what can be sent to another thread, and back, so that callers catch the same class there

import { AudioFormatError, AudioInputError, DatasetError, ModelFormatError, TrainingError } from './errors.ts';

/** An error as plain data. */
export interface PlainError {
  /** The name of its class. */
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: unknown;
  /** Of a {@link DatasetError}. */
  readonly file: string | undefined;
  /** Of an {@link AudioInputError}. */
  readonly reason: AudioInputError['reason'] | undefined;
  readonly cause: PlainError | undefined;
}

/** The classes that errors come back as; any other becomes an `Error` of its name. */
const CLASSES: Readonly<
  Record<string, new (message: string, options: ErrorOptions & Pick<PlainError, 'file'> & { reason: never }) => Error>
> = {
  AudioFormatError,
  AudioInputError,
  DatasetError,
  ModelFormatError,
  TrainingError,
  RangeError,
  TypeError,
  SyntaxError,
};

/** @param error whatever was thrown */
export function toPlainError(error: unknown): PlainError {
  const isError = error instanceof Error;
  const { name, message, stack, code, file, reason, cause } = isError
    ? (error as Error & Partial<PlainError>)
    : ({} as never);
  return {
    name: isError ? name : 'Error',
    message: isError ? message : String(error),
    stack,
    code: ['string', 'number'].includes(typeof code) ? code : undefined,
    file,
    reason: typeof reason === 'string' ? reason : undefined,
    cause: cause === undefined ? undefined : toPlainError(cause),
  };
}

/** The error that {@link toPlainError} was given: its class, message, code, causes, and the stack of where it was thrown. */
export function fromPlainError({ name, message, stack, code, file, reason, cause }: PlainError): Error {
  const options = { ...(cause && { cause: fromPlainError(cause) }), file, reason: reason as never };
  const error = new (CLASSES[name] ?? Error)(message, options);
  if (error.name !== name) error.name = name;
  if (stack !== undefined) error.stack = stack;
  if (code !== undefined && !('code' in error)) Object.assign(error, { code });
  return error;
}
