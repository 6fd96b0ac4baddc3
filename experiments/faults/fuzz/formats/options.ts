// seed → calls of public functions with options that are right, misspelt, of another type, out of range, or none at all

import type { RandomStream } from 'speech-emotion/layers';
import { ODD_NUMBERS, pick } from '../chance.ts';
import type { Format } from '../format.ts';
import type { Call, Options } from '../options/call.ts';

/** What is no options at all. */
const NONE = [null, 0, 1, '', 'options', true, false, [], [1], () => {}, Symbol('options'), 10n];

const ODD_VALUES: readonly unknown[] = [
  ...ODD_NUMBERS,
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.25, 4, 12],
  ...[null, '', '1', 'x', 'none', true, false, [], {}, [1], [2, 2], [Number.NaN], { length: 1 }, () => {}],
  ...[Symbol('odd'), 10n, new Date(0), new Map(), new Float32Array(2), Object.create(null), new Proxy({}, {})],
];

export const options: Format = {
  errors: ['RangeError', 'TypeError', 'AudioFormatError', 'DatasetError'], // that `maxSeconds` or `labels` leave nothing
  async open() {
    // Not above: they make networks and classifiers, which takes a backend.
    const { SOUND_CALLS } = await import('../options/soundCalls.ts');
    const { LAYER_CALLS } = await import('../options/layerCalls.ts');
    const { TRAINING_CALLS } = await import('../options/trainingCalls.ts');
    const { CLASSIFIER_CALLS } = await import('../options/classifierCalls.ts');
    const calls = Object.entries({ ...SOUND_CALLS, ...LAYER_CALLS, ...TRAINING_CALLS, ...CLASSIFIER_CALLS });
    return (random) => {
      const [name, call] = pick(random, calls);
      const { given, what, verdict } = variation(random, call);
      return {
        input: { name, what, given },
        unrefusable: verdict === 'right',
        answer: async () => call.call(given as Options),
        async fault(answer) {
          const fault = await call.fault?.(answer);
          if (verdict === 'wrong') return `${name} took ${what}`;
          return fault && `${name} with ${what} gave ${fault}`;
        },
      };
    };
  },
};

interface Variation {
  readonly given: unknown;
  readonly what: string;
  /** Whether the options are right, wrong, or such as the documentation leaves open. */
  readonly verdict: 'right' | 'wrong' | 'open';
}

function variation(
  random: RandomStream,
  { right, rules, required = [], highest = 1000, takesFunction = false }: Call,
): Variation {
  const kind = random.next();
  if (kind < 0.1) return { given: right, what: 'right options', verdict: 'right' };
  if (kind < 0.15) {
    const none = pick(
      random,
      NONE.filter((one) => !(takesFunction && typeof one === 'function')),
    );
    return { given: none, what: `${typeof none} for options`, verdict: 'wrong' };
  }
  const paths = Object.keys(rules);
  if (kind < 0.3) {
    const path = pick(random, paths);
    const { holder, key } = placeOf(path);
    const misspelt = pick(random, [`${key}s`, key.slice(1), key.toUpperCase(), `${key} `, 'toString2']);
    if (misspelt === key || misspelt === '' || (holder && !isOptions(valueAt(right, holder))))
      return { given: right, what: 'right options', verdict: 'right' };
    // Groups are free names, and so is nothing else.
    if (holder === 'auxiliary') return { given: right, what: 'right options', verdict: 'right' };
    return {
      given: withValue(right, holder ? `${holder}.${misspelt}` : misspelt, 1),
      what: `the misspelt ${holder ? `${holder}.` : ''}${misspelt}`,
      verdict: 'wrong',
    };
  }
  const path = pick(random, paths);
  if (kind < 0.35) {
    return {
      given: withValue(right, path, undefined),
      what: `${path}: undefined`,
      verdict: required.includes(path) ? 'open' : 'right',
    };
  }
  const value = pick(random, ODD_VALUES);
  const fits = rules[path]!(value);
  if (fits && typeof value === 'number' && value > highest)
    return { given: right, what: 'right options', verdict: 'right' };
  return { given: withValue(right, path, value), what: `${path}: ${shown(value)}`, verdict: fits ? 'open' : 'wrong' };
}

function placeOf(path: string): { holder: string; key: string } {
  const dot = path.lastIndexOf('.');
  return { holder: path.slice(0, Math.max(0, dot)), key: path.slice(dot + 1) };
}

function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce((holder: unknown, key) => (holder as Options | undefined)?.[key], value);
}

function isOptions(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The options with another value in one place; they are not changed themselves. */
function withValue(given: Options, path: string, value: unknown): Options {
  const [key = '', ...rest] = path.split('.');
  if (rest.length === 0) return { ...given, [key]: value };
  return { ...given, [key]: withValue((given[key] ?? {}) as Options, rest.join('.'), value) };
}

function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'string') return JSON.stringify(value) ?? String(value);
  return Array.isArray(value) ? 'a list' : Object.prototype.toString.call(value);
}
