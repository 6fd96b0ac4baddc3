// a public function that takes options → how it is called, and what its options may be

import type { Rule } from './rules.ts';

/** Options by their names. */
export type Options = Record<string, unknown>;

/** A public function, constructor or method. */
export interface Call {
  /** Right options; all that {@link Call.rules} names stand in it. */
  readonly right: Options;
  /** By path, such as `vad.minDb`. What is not named is not varied. */
  readonly rules: Readonly<Record<string, Rule>>;
  /** Those that cannot be left out, or not without changing others. */
  readonly required?: readonly string[];
  /** What one call may cost: numbers above are right, and not tried. @default 1000 */
  readonly highest?: number;
  /** A function will do in place of options. */
  readonly takesFunction?: boolean;
  call(options: Options): unknown;
  /** What is wrong with what came of right options, or with what was accepted; frees it. */
  fault?(result: unknown): string | undefined | Promise<string | undefined>;
}

/** Numbers of a result that are none: options that give such were not to be accepted. */
export function faultOfNumbers(values: ArrayLike<number> | undefined): string | undefined {
  if (!values) return 'no numbers';
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return 'numbers that are not finite';
  return undefined;
}
