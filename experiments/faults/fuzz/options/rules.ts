// what the documentation says that an option may be → whether a value is that

/** Whether a value may be given for an option, as its docstring has it. Bounds that it does not name are none here. */
export type Rule = (value: unknown) => boolean;

export const number =
  (low: number, high: number): Rule =>
  (value) =>
    typeof value === 'number' && value >= low && value <= high;
export const integer =
  (low: number, high = Number.MAX_SAFE_INTEGER): Rule =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high;
export const oneOf =
  (...allowed: readonly unknown[]): Rule =>
  (value) =>
    allowed.includes(value);
export const either =
  (...rules: readonly Rule[]): Rule =>
  (value) =>
    rules.some((rule) => rule(value));
export const listOf =
  (rule: Rule): Rule =>
  (value) =>
    Array.isArray(value) && value.every(rule);
/** Of a part of something. */
export const share = number(0, 1);
export const seed = integer(Number.MIN_SAFE_INTEGER);
/** The highest number. */
export const MAX = Number.MAX_VALUE;
/** None of the values that are tried. */
export const never: Rule = () => false;
export const boolean = oneOf(true, false);
export const off = oneOf(false);
export const text: Rule = (value) => typeof value === 'string';
export const aFunction: Rule = (value) => typeof value === 'function';
/** Options within options: an object without any leaves out all of them. Whether it holds others is another question. */
export const options: Rule = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
