// JSON → JSON that somebody forged
//
// The result is text: numbers beyond all bounds and nests ten thousand deep can be written, and not be held by an object.

import type { RandomStream } from 'speech-emotion/layers';
import { between, happens, ODD_NUMBERS, pick } from './chance.ts';

/** Where a value stands. */
interface Place {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string | number;
}

/** Stand for text that is no value: see {@link forgedText}. */
const ENDLESS = '@@endless';
const DEEP = '@@deep';

/**
 * Changes one to three places of a value.
 *
 * @param value plain JSON; it is not changed itself
 */
export function forge(random: RandomStream, value: unknown): unknown {
  const forged = structuredClone(value);
  for (let times = happens(random, 0.7) ? 1 : between(random, 2, 3); times > 0; times--) {
    const places = placesOf(forged);
    if (places.length === 0) return pick(random, ODD_VALUES)(random);
    pick(random, FORGERIES)(random, pick(random, places), places);
  }
  return forged;
}

/** A forged value as text. */
export function forgedText(random: RandomStream, forged: unknown): string {
  const text = JSON.stringify(forged) ?? 'null';
  if (!text.includes('@@')) return text;
  const depth = pick(random, [10, 200, 3000, 10_000]);
  const deep = happens(random, 0.5)
    ? '['.repeat(depth) + ']'.repeat(depth)
    : `${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`;
  return text.replaceAll(`"${ENDLESS}"`, '1e999').replaceAll(`"${DEEP}"`, deep);
}

function placesOf(value: unknown): Place[] {
  const places: Place[] = [];
  const visit = (holder: unknown): void => {
    if (typeof holder !== 'object' || holder === null) return;
    for (const key of Object.keys(holder)) {
      places.push({ holder: holder as Record<string, unknown>, key });
      visit((holder as Record<string, unknown>)[key]);
    }
  };
  visit(value);
  return places;
}

function at({ holder, key }: Place): unknown {
  return (holder as Record<string, unknown>)[key];
}

function put({ holder, key }: Place, value: unknown): void {
  // Not by assignment: `__proto__` is a key like any other in JSON.
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

const ODD_VALUES: readonly ((random: RandomStream) => unknown)[] = [
  (random) => pick(random, ODD_NUMBERS),
  (random) => pick(random, ODD_NUMBERS),
  () => null,
  () => ENDLESS,
  () => DEEP,
  (random) => pick(random, [true, false]),
  (random) =>
    pick(random, [
      '',
      '0',
      '1',
      'NaN',
      'constructor',
      '__proto__',
      'toString',
      '\u0000',
      'é',
      'e\u0301',
      'x'.repeat(5000),
    ]),
  (random) => pick(random, [[], {}, [[]], [null], [{}], { length: 3 }, { length: 2 ** 31 }]),
  (random) => Array.from({ length: pick(random, [2, 3, 100]) }, () => pick(random, ODD_NUMBERS)),
];

const FORGERIES: readonly ((random: RandomStream, place: Place, places: readonly Place[]) => void)[] = [
  (random, place) => put(place, pick(random, ODD_VALUES)(random)),
  (random, place) => put(place, pick(random, ODD_VALUES)(random)),
  (random, place) => {
    const value = at(place);
    if (typeof value === 'number') put(place, value + pick(random, [1, -1, 0.5, 1e6, -value, value]));
    else if (typeof value === 'string') put(place, value.slice(1) + value.slice(0, 1));
    else put(place, pick(random, ODD_VALUES)(random));
  },
  (_random, { holder, key }) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  },
  (random, { holder, key }, places) => {
    // There twice, or under another name.
    if (Array.isArray(holder)) holder.splice(Number(key), 0, structuredClone(holder[Number(key)]));
    else
      put(
        { holder, key: pick(random, [`${key}2`, `${key}`.slice(1), '__proto__', String(pick(random, places).key)]) },
        holder[key],
      );
  },
  (random, place, places) => put(place, structuredClone(at(pick(random, places)))),
  (random, place, places) => {
    const other = pick(random, places);
    const [a, b] = [at(place), at(other)].map((value) => structuredClone(value));
    put(place, b);
    put(other, a);
  },
  (random, place) => {
    const value = at(place);
    if (Array.isArray(value))
      put(place, pick(random, [[], value.slice(1), [...value, ...value], [...value].reverse()]));
    else put(place, [value]);
  },
];
