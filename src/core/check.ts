// an option as given → the option, or an error that says what it must be

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

/** The value, when it is a number from 0 up to 1 and not 1 itself, as shares that are dropped; an error otherwise. */
export function checkShare(action: string, name: string, value: unknown): number {
  const rule = 'a number from 0 to below 1';
  if (typeof value !== 'number') throw new TypeError(complaint(action, name, rule, value));
  if (!(value >= 0 && value < 1)) throw new RangeError(complaint(action, name, rule, value));
  return value;
}

/** The value, when it is a pair of whole numbers from 1 to `maximum`, [height (time), width (frequency)]; an error otherwise. */
export function checkPair(action: string, name: string, value: unknown, maximum: number): readonly [number, number] {
  if (!Array.isArray(value) || value.length !== 2) {
    throw new TypeError(complaint(action, name, 'a pair [height, width]', value));
  }
  for (const [axis, side] of value.entries()) checkInteger(action, `${name}[${axis}]`, side, 1, maximum);
  return value as unknown as readonly [number, number];
}

/** The value, when it can seed random numbers: a whole number; an error otherwise. */
export function checkSeed(action: string, name: string, value: unknown): number {
  return checkInteger(action, name, value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
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

/** The value, when it is text that is not empty; a {@link TypeError} otherwise. */
export function checkString(action: string, name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new TypeError(complaint(action, name, 'text', value));
  return value;
}

/** The value, when it is an array; a {@link TypeError} otherwise. */
export function checkArray<T extends readonly unknown[]>(action: string, name: string, value: T): T {
  if (!Array.isArray(value)) throw new TypeError(complaint(action, name, 'an array', value));
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
 *
 * @param name what the options are an option of, where they are one themselves
 */
export function checkNothingElse(action: string, rest: object, name?: string): void {
  const [unknown] = Object.keys(rest);
  if (unknown === undefined) return;
  throw new TypeError(`Cannot ${action}: there is no option named '${name === undefined ? '' : `${name}.`}${unknown}'`);
}

function complaint(action: string, name: string, rule: string, value: unknown): string {
  return `Cannot ${action}: ${name} must be ${rule}, got ${shown(value)}`;
}

/** A value for a message, whatever it is: short, and never an error of its own. */
export function shown(value: unknown): string {
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

/** The type of a value in a word, for messages about what is too long to be shown: `null`, `string`, `Float64Array`, `Object`. */
export function typeName(value: unknown): string {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  return Object.prototype.toString.call(value).slice(8, -1);
}
