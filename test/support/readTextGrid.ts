// a TextGrid → its tiers, as Praat reads it

/** An interval of a tier. */
interface Interval {
  readonly xmin: number;
  readonly xmax: number;
  readonly text: string;
}

/** A tier of intervals. */
export interface IntervalTier {
  readonly name: string;
  readonly intervals: readonly Interval[];
}

/**
 * Praat's grammar, written out after "TextGrid file formats" of its manual: of the whole text, only free-standing numbers, quoted
 * strings, in which "" is a quote, and flags in <> count; all else is comment. Holds what Praat does: intervals without gaps from xmin to
 * xmax.
 */
export function readTextGrid(file: string): { xmin: number; xmax: number; tiers: IntervalTier[] } {
  const tokens = tokensOf(file);
  const next = <T extends 'number' | 'string' | 'flag'>(type: T) => {
    const token = tokens.shift();
    if (token?.type !== type) throw new Error(`expected a ${type}, got ${JSON.stringify(token)}`);
    return token.value;
  };
  const number = () => Number(next('number'));
  const hold = (holds: boolean, what: string) => {
    if (!holds) throw new Error(what);
  };
  hold(next('string') === 'ooTextFile' && next('string') === 'TextGrid', 'no TextGrid');
  const [xmin, xmax] = [number(), number()];
  hold(xmax > xmin, 'an empty time');
  hold(next('flag') === 'exists', 'no tiers');
  const tiers = Array.from({ length: number() }, () => {
    hold(next('string') === 'IntervalTier', 'another tier');
    const name = next('string');
    hold(number() === xmin && number() === xmax, 'the tier has another time');
    let at = xmin;
    const intervals = Array.from({ length: number() }, () => {
      const interval = { xmin: number(), xmax: number(), text: next('string') };
      hold(interval.xmin === at && interval.xmax > at, `a gap at ${at}`);
      at = interval.xmax;
      return interval;
    });
    hold(at === xmax, 'the tier ends early');
    return { name, intervals };
  });
  hold(tokens.length === 0, 'something after the end');
  return { xmin, xmax, tiers };
}

function tokensOf(file: string): { type: 'number' | 'string' | 'flag'; value: string }[] {
  const found = [];
  for (let at = 0; at < file.length; ) {
    if (/\s/.test(file[at]!)) {
      at++;
      continue;
    }
    const quoted = /^"((?:[^"]|"")*)"/.exec(file.slice(at));
    if (quoted) {
      found.push({ type: 'string' as const, value: quoted[1]!.replaceAll('""', '"') });
      at += quoted[0].length;
      continue;
    }
    const [word] = /^\S+/.exec(file.slice(at))!;
    const [, flag] = /^<(\w+)>$/.exec(word) ?? [];
    if (flag) found.push({ type: 'flag' as const, value: flag });
    else if (/^-?\d+(\.\d+)?([eE][+-]?\d+)?%?$/.test(word)) found.push({ type: 'number' as const, value: word });
    at += word.length;
  }
  return found;
}
