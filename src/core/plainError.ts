// error → what can be sent to another thread, and back, so that callers catch the same class there

import {
  AudioFormatError,
  AudioInputError,
  BackendError,
  DatasetError,
  ModelFormatError,
  TrainingError,
} from './errors.ts';

/** An error as plain data. */
export interface PlainError {
  /** The name of its class. */
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: string | number | undefined;
  /** Of a {@link DatasetError}. */
  readonly file: string | undefined;
  /** Of an {@link AudioInputError}. */
  readonly reason: string | undefined;
  readonly cause: PlainError | undefined;
  /** Of an `AggregateError`. */
  readonly errors: readonly PlainError[] | undefined;
}

/** How many errors are sent for one, its causes and theirs included: a longer chain is cut. */
const MOST = 32;

/** The classes that errors come back as; any other becomes an `Error` of its name. */
const CLASSES: Readonly<
  Record<string, new (message: string, options: ErrorOptions & { file: string | undefined; reason: never }) => Error>
> = {
  AudioFormatError,
  AudioInputError,
  BackendError,
  DatasetError,
  ModelFormatError,
  TrainingError,
  RangeError,
  TypeError,
  SyntaxError,
};

/** @param error whatever was thrown, in whatever state: this never throws, and what it gives can be sent */
export function toPlainError(error: unknown): PlainError {
  return plain(error, new Set());
}

/** @param seen errors that are included already: one that is its own cause appears once */
function plain(error: unknown, seen: Set<unknown>): PlainError {
  seen.add(error);
  const own = (part: keyof PlainError): unknown => read(() => (isError(error) ? error[part] : undefined));
  const others = (list: unknown): PlainError[] | undefined =>
    Array.isArray(list)
      ? list.flatMap((other) => (seen.has(other) || seen.size >= MOST ? [] : [plain(other, seen)]))
      : undefined;
  const cause = own('cause');
  return {
    name: text(own('name')) ?? 'Error',
    message: text(own('message')) ?? text(read(() => String(error))) ?? 'an error that cannot be read',
    stack: text(own('stack')),
    code: text(own('code')) ?? number(own('code')),
    file: text(own('file')),
    reason: text(own('reason')),
    cause: cause === undefined ? undefined : others([cause])![0],
    errors: others(own('errors')),
  };
}

/** Its shape counts, not its class: it may come from another realm, such as `node:vm`. */
function isError(error: unknown): error is Record<keyof PlainError, unknown> {
  return error instanceof Error || Object.prototype.toString.call(error) === '[object Error]';
}

/** What a property is, or undefined where asking throws. */
function read(property: () => unknown): unknown {
  try {
    return property();
  } catch {
    return undefined;
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const number = (value: unknown) => (typeof value === 'number' ? value : undefined);

/** The error that {@link toPlainError} was given: its class, message, code, causes, and the stack of where it was thrown. */
export function fromPlainError({ name, message, stack, code, file, reason, cause, errors }: PlainError): Error {
  const options = { ...(cause && { cause: fromPlainError(cause) }), file, reason: reason as never };
  const error = errors
    ? new AggregateError(errors.map(fromPlainError), message, options)
    : new (CLASSES[name] ?? Error)(message, options);
  if (error.name !== name) error.name = name;
  if (stack !== undefined) error.stack = stack;
  if (code !== undefined && !('code' in error)) Object.assign(error, { code });
  return error;
}
