// segments of live sound → a word that does not flicker, what was said when, and the share of each emotion

import type { StreamSegment } from 'speech-emotion';
import type { Share } from '../parts/bars.tsx';
import { type Heard, heardAs, kindOf } from './heard.ts';

/** So long an emotion must be heard before it is the word, in seconds. */
export const HOLD_SECONDS = 1;
/** What is heard for so long without anything that holds is not sure, in seconds. */
const UNSETTLED_SECONDS = 2;
/** Both words of what is not sure stay as they are for so long, in seconds. */
const PAIR_SECONDS = 1;
/** So many stretches are remembered at most; the oldest go first, their shares stay. */
const MOST_SPANS = 5000;

/** A stretch of time with one word; its scores are means. */
export interface Span {
  readonly heard: Heard;
  readonly start: number;
  readonly end: number;
}

/**
 * Follows live sound. Overlapping segments each count for the time between their middles. The word is another one only when that has been
 * heard for {@link HOLD_SECONDS}; it then counts from where it was first heard.
 */
export class Session {
  /** What the word says. */
  #now: Run | undefined;
  /** What may be the word soon. */
  #next: Run | undefined;
  /** All that was heard since the word was heard last. */
  #other: Run | undefined;
  #spans: Span[] = [];
  /** Seconds by kind, of stretches that are over. */
  readonly #seconds = new Map<string, number>();
  /** Up to where time is accounted for. */
  #at = 0;
  #silentUntil = 0;

  /** The next segment; what is less certain than the threshold is not sure. */
  observe(segment: StreamSegment, threshold: number): void {
    const heard = heardAs(segment, threshold);
    const kind = kindOf(heard);
    const { end } = segment;
    const from = this.#at;
    const to = Math.max(from, (segment.start + end) / 2);
    this.#at = to;
    if (this.#now?.kind === kind) {
      this.#now.add(heard, segment, to);
      this.#next = this.#other = undefined;
      return;
    }
    if (!this.#now && kind === 'no speech') {
      this.#next = this.#other = undefined;
      this.#silentUntil = to;
      return;
    }
    if (this.#next?.kind !== kind) this.#next = new Run(kind, from, end);
    this.#other ??= new Run('not sure', from, end);
    this.#next.add(heard, segment, to);
    this.#other.add(heard, segment, to);
    if (end - this.#next.since >= HOLD_SECONDS) this.#become(this.#next);
    else if (end - this.#other.since >= UNSETTLED_SECONDS && this.#now?.kind !== 'not sure') this.#become(this.#other);
  }

  /** The sound is over. */
  end(seconds: number): void {
    if (!this.#now) return;
    this.#now.end = Math.max(this.#at, seconds);
    this.#close(this.#now.span);
    this.#now = this.#next = this.#other = undefined;
  }

  /** The word, as long as there is one, with the means since it began. */
  get span(): Span | undefined {
    return this.#now?.span;
  }

  /** What the word's emotion was heard with last; undefined where it is not sure, or nobody speaks. */
  get certainty(): number | undefined {
    return this.#now?.certainty;
  }

  /** Every stretch, the present one last. */
  get spans(): readonly Span[] {
    return this.#now ? [...this.#spans, this.#now.span] : this.#spans;
  }

  /** Seconds of speech, as far as there was a word. */
  get speechSeconds(): number {
    return this.#totals().reduce((sum, [, seconds]) => sum + seconds, 0);
  }

  /** Shares of the speech, the greatest first, what is not sure last. */
  get shares(): readonly Share[] {
    const totals = this.#totals();
    const all = totals.reduce((sum, [, seconds]) => sum + seconds, 0);
    const isUnsure = (kind: string) => Number(kind === 'not sure');
    return totals
      .filter(([, seconds]) => seconds > 0)
      .sort(([a, m], [b, n]) => isUnsure(a) - isUnsure(b) || n - m)
      .map(([label, seconds]) => ({ label, score: seconds / all }));
  }

  #totals(): (readonly [kind: string, seconds: number])[] {
    const totals = new Map(this.#seconds);
    if (this.#now) addTo(totals, this.#now.span);
    totals.delete('no speech');
    return [...totals];
  }

  #become(run: Run): void {
    if (this.#now) {
      this.#now.end = run.start;
      this.#close(this.#now.span);
    } else {
      if (this.#silentUntil > 0) this.#close({ heard: { is: 'noSpeech' }, start: 0, end: this.#silentUntil });
      run.start = this.#silentUntil;
    }
    this.#now = run;
    this.#next = this.#other = undefined;
  }

  #close(span: Span): void {
    this.#spans.push(span);
    addTo(this.#seconds, span);
    if (this.#spans.length > MOST_SPANS) this.#spans = this.#spans.slice(MOST_SPANS / 2);
  }
}

function addTo(totals: Map<string, number>, { heard, start, end }: Span): void {
  const kind = kindOf(heard);
  totals.set(kind, (totals.get(kind) ?? 0) + end - start);
}

/** Segments that say the same. */
class Run {
  end: number;
  certainty: number | undefined;
  readonly #sums = new Map<string, number>();
  #count = 0;
  #pair: readonly [string, string | undefined] | undefined;
  #pairAt = 0;

  /** @param since when the first of them ended, and so was heard */
  constructor(
    readonly kind: string,
    public start: number,
    readonly since: number,
  ) {
    this.end = start;
  }

  add(heard: Heard, { scores = [] }: StreamSegment, to: number): void {
    this.end = to;
    if (scores.length > 0) this.#count++;
    for (const { label, score } of scores) this.#sums.set(label, (this.#sums.get(label) ?? 0) + score);
    if (heard.is === 'sure' && heard.first.label === this.kind) this.certainty = heard.first.score;
    if (this.#pair && to - this.#pairAt < PAIR_SECONDS) return;
    const [first, second] = [...this.#sums].sort(([, a], [, b]) => b - a);
    if (first) this.#pair = [first[0], second?.[0]];
    this.#pairAt = to;
  }

  get span(): Span {
    return { heard: this.#heard(), start: this.start, end: this.end };
  }

  #heard(): Heard {
    if (this.#count === 0) return { is: 'noSpeech' };
    const scoreOf = (label: string) => ({ label, score: (this.#sums.get(label) ?? 0) / this.#count });
    const [likeliest, next] = this.#pair!;
    const first = this.kind === 'not sure' ? likeliest : this.kind;
    const second = first === likeliest ? next : likeliest;
    const is = this.kind === 'not sure' ? 'notSure' : 'sure';
    return { is, first: scoreOf(first), second: second === undefined ? undefined : scoreOf(second) };
  }
}

/** The greatest share, and the next. */
export function greatest(shares: readonly Share[]): readonly (Share | undefined)[] {
  return [...shares].sort((a, b) => b.score - a.score).slice(0, 2);
}
