// an option as it was given → the option, or the error that says what it must be

/** Options of type `T` with every default filled in. */
export type Resolved<T> = { readonly [Name in keyof T]-?: Exclude<T[Name], undefined> };

/** The value, when it is a whole number in [minimum, maximum]; a {@link TypeError} or {@link RangeError} otherwise. */
export function checkInteger(action: string, name: string, value: unknown, minimum: number, maximum: number): number {
  const rule = `a whole number from ${minimum} to ${maximum}`;
  if (typeof value !== 'number') throw new TypeError(complaint(action, name, rule, value));
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new RangeError(complaint(action, name, rule, value));
  }
  return value;
}

/** The value, when it is a finite number in [minimum, maximum]; a {@link TypeError} or {@link RangeError} otherwise. */
export function checkNumber(action: string, name: string, value: unknown, minimum: number, maximum: number): number {
  const rule = `a number from ${minimum} to ${maximum}`;
  if (typeof value !== 'number') throw new TypeError(complaint(action, name, rule, value));
  if (!(value >= minimum && value <= maximum)) throw new RangeError(complaint(action, name, rule, value));
  return value;
}

/** The value, when it is one of those supported; a {@link RangeError} that lists them otherwise. */
export function checkOneOf<T extends string>(action: string, name: string, value: unknown, supported: readonly T[]): T {
  if (!supported.includes(value as T)) {
    throw new RangeError(complaint(action, name, `one of ${supported.map((s) => `'${s}'`).join(', ')}`, value));
  }
  return value as T;
}

/** The value, when it is a plain object and so can be read as options; a {@link TypeError} otherwise. */
export function checkObject<T>(action: string, name: string, value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(complaint(action, name, 'an object', value));
  }
  return value;
}

/**
 * Holds that nothing is left of the options once the known ones are taken out, so that a misspelt or foreign option is
 * an error and not a default.
 */
export function checkNothingElse(action: string, rest: object): void {
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new TypeError(`Cannot ${action}: there is no option named '${unknown}'`);
}

function complaint(action: string, name: string, rule: string, value: unknown): string {
  const shown = typeof value === 'number' || value === undefined ? String(value) : JSON.stringify(value);
  return `Cannot ${action}: ${name} must be ${rule}, got ${shown}`;
}
