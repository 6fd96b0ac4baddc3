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
 * The options of a public function or constructor, when they can be read: an object, in which `signal` is an `AbortSignal` and
 * whatever is called `on…` a function, or either left out. What each of the others must be is for its owner to check, and
 * {@link checkNothingElse} what is left then.
 *
 * @throws {TypeError} when they are none
 * @example
 * const { hopSeconds = 0.5, signal, onProgress, ...rest } = checkOptions('make a timeline', options);
 * checkNothingElse('make a timeline', rest);
 */
export function checkOptions<T extends object>(action: string, options: T, name = 'options'): T {
  checkObject(action, name, options);
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const path = name === 'options' ? key : `${name}.${key}`;
    if (key === 'signal') checkSignal(action, path, value);
    else if (/^on[A-Z]/.test(key)) checkFunction(action, path, value);
  }
  return options;
}

/** The value, when it is true or false; a {@link TypeError} otherwise. */
export function checkBoolean(action: string, name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new TypeError(complaint(action, name, 'true or false', value));
  return value;
}

/** The value, when it is a function; a {@link TypeError} otherwise. */
export function checkFunction<T>(action: string, name: string, value: T): T {
  if (typeof value !== 'function') throw new TypeError(complaint(action, name, 'a function', value));
  return value;
}

/** Its shape counts and not its class: a signal may come from another realm, such as an iframe. */
function checkSignal(action: string, name: string, value: unknown): void {
  const { aborted, addEventListener } = (value ?? {}) as Partial<AbortSignal>;
  if (typeof aborted !== 'boolean' || typeof addEventListener !== 'function') {
    throw new TypeError(complaint(action, name, 'an AbortSignal', value));
  }
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
  return `Cannot ${action}: ${name} must be ${rule}, got ${shown(value)}`;
}

/** A value for a message, whatever it is: short, and never an error of its own. */
function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' && typeof value !== 'string') return String(value);
  let text: string;
  try {
    text = JSON.stringify(value);
  } catch {
    text = Object.prototype.toString.call(value);
  }
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
