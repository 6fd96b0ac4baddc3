// a kind of input → how inputs of it are made, given to the library, and what must be true of what it answers

import type { RandomStream } from 'speech-emotion/layers';

/** The classes of the library's own errors. */
type ErrorClass =
  | 'AudioFormatError'
  | 'DatasetError'
  | 'ModelFormatError'
  | 'TrainingError'
  | 'RangeError'
  | 'TypeError';

/** A kind of input. */
export interface Format {
  /** What may be thrown: a file's faults have a class of their own, an argument's are a `RangeError` or a `TypeError`. */
  readonly errors: readonly ErrorClass[];
  /** Reads what inputs are made from. @returns makes the trial that follows from a stream of random numbers */
  open(): Promise<(random: RandomStream) => Trial | Promise<Trial>>;
}

/** One input, and what becomes of it. */
export interface Trial {
  /** What is given to the library: shown where it is asked for by its index. */
  readonly input: unknown;
  /** Gives it to the library. */
  answer(): unknown;
  /**
   * What is wrong with the answer, undefined where nothing is; frees what the answer holds. It knows from the input, and not from
   * the library, what has to come.
   */
  fault(answer: unknown): string | undefined | Promise<string | undefined>;
  /** What is wrong with refusing the input, where it was right. */
  readonly unrefusable?: boolean;
}
