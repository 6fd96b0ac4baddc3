// emotions as they change → what somebody should be told of, and a summary

import { checkNothingElse, checkNumber } from '../core/check.ts';
import type { StreamSegment } from './stream.ts';

/** A stretch of time, in seconds of sound, with one emotion. */
export interface EmotionSpan {
  /** The label. */
  readonly emotion: string;
  /** When it began. */
  readonly start: number;
  /** Up to when it has been heard. */
  readonly end: number;
}

/** One emotion in place of another. */
export interface EmotionChange {
  /** What is heard now. */
  readonly to: EmotionSpan;
  /** What was heard before; undefined at the beginning. */
  readonly from: EmotionSpan | undefined;
}

/** Something that holds when an emotion goes on. */
export interface EmotionRule {
  /** The emotion, or several that count as one. */
  readonly emotion: string | readonly string[];
  /** For how many seconds it has to go on. */
  readonly for: number;
  /** Called once each time the rule comes to hold. */
  readonly onHold: (span: EmotionSpan) => void;
}

/** Options of {@link EmotionMonitor}. */
export interface EmotionMonitorOptions {
  /** Called when another emotion is heard than before. */
  readonly onChange?: ((change: EmotionChange) => void) | undefined;
  /** What else to be told of. @default [] */
  readonly rules?: readonly EmotionRule[] | undefined;
  /** What is less sure than this does not count, in [0, 1]. @default 0 */
  readonly minConfidence?: number | undefined;
  /** How many seconds without the emotion end it: shorter silences and doubts are passed over. @default 3 */
  readonly gapSeconds?: number | undefined;
}

/** One emotion's part of a session. */
export interface EmotionShare {
  /** Seconds in which it was heard. */
  readonly seconds: number;
  /** Part of the speech, in [0, 1]. */
  readonly share: number;
  /** How sure it was on average, weighted by time. */
  readonly meanConfidence: number;
}

/** A session so far. */
export interface EmotionSummary {
  /** Seconds of sound. */
  readonly seconds: number;
  /** Seconds with speech. */
  readonly speechSeconds: number;
  /** Seconds with speech of which nothing was sure enough to count. */
  readonly unsureSeconds: number;
  /** Each emotion that was heard, the longest first. */
  readonly emotions: Readonly<Record<string, EmotionShare>>;
  /** Every stretch with one emotion, in order. */
  readonly spans: readonly EmotionSpan[];
  /** Segments that were left out because nobody took them in time. */
  readonly dropped: number;
}

/**
 * Follows the emotions of a stream: tells of changes and of what goes on, and sums a session up.
 *
 * Of segments that overlap, each counts for the time that the one before did not cover.
 *
 * @example
 * const monitor = new EmotionMonitor({
 *   onChange: ({ from, to }) => console.log(`${from?.emotion} → ${to.emotion}`),
 *   rules: [{ emotion: 'sad', for: 30, onHold: ({ start }) => console.log(`sad since ${start} s`) }],
 * });
 * const summary = await monitor.follow(classifier.stream(source, { sampleRate: 48_000, smoothing: {} }));
 */
export class EmotionMonitor {
  readonly #onChange: (change: EmotionChange) => void;
  readonly #rules: readonly RuleState[];
  readonly #minConfidence: number;
  readonly #gap: number;
  readonly #totals = new Map<string, { seconds: number; confidence: number }>();
  #spans: EmotionSpan[] = [];
  #current: EmotionSpan | undefined;
  #end = 0;
  #speech = 0;
  #unsure = 0;
  #dropped = 0;

  /** @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown */
  constructor(options: EmotionMonitorOptions = {}) {
    const { onChange = () => {}, rules = [], minConfidence = 0, gapSeconds = 3, ...rest } = options;
    checkNothingElse(ACTION, rest);
    this.#onChange = onChange;
    this.#minConfidence = checkNumber(ACTION, 'minConfidence', minConfidence, 0, 1);
    this.#gap = checkNumber(ACTION, 'gapSeconds', gapSeconds, 0, 3600);
    this.#rules = rules.map((rule) => new RuleState(rule, this.#gap));
  }

  /** What is heard now; undefined while nothing is, or where it was too long ago. */
  get current(): EmotionSpan | undefined {
    return this.#current;
  }

  /** Takes a segment; segments are to come in order. */
  observe(segment: StreamSegment): void {
    const fresh = Math.max(0, segment.end - Math.max(segment.start, this.#end));
    this.#end = Math.max(this.#end, segment.end);
    this.#dropped += segment.dropped;
    const emotion = segment.speech && segment.confidence >= this.#minConfidence ? segment.label : undefined;
    if (segment.speech) this.#speech += fresh;
    if (segment.speech && emotion === undefined) this.#unsure += fresh;
    if (segment.speech && emotion !== undefined) {
      const total = this.#totals.get(emotion) ?? { seconds: 0, confidence: 0 };
      total.seconds += fresh;
      total.confidence += fresh * segment.confidence;
      this.#totals.set(emotion, total);
    }
    const begin = segment.end - fresh;
    this.#follow(emotion, begin, segment.end);
    for (const rule of this.#rules) rule.follow(emotion, begin, segment.end);
  }

  #follow(emotion: string | undefined, begin: number, end: number): void {
    const before = this.#current;
    if (before && (emotion === undefined ? end : begin) - before.end > this.#gap) this.#current = undefined;
    if (emotion === undefined) return;
    if (this.#current?.emotion === emotion) {
      this.#current = { ...this.#current, end };
      this.#spans[this.#spans.length - 1] = this.#current;
      return;
    }
    this.#current = { emotion, start: begin, end };
    const from = this.#spans.at(-1);
    this.#spans.push(this.#current);
    if (from?.emotion !== emotion) this.#onChange({ from, to: this.#current });
  }

  /**
   * Observes a stream to its end.
   *
   * @returns the summary of what the monitor has observed, this stream and what came before
   * @throws what the stream throws; what was observed until then stays
   */
  async follow(stream: AsyncIterable<StreamSegment>): Promise<EmotionSummary> {
    for await (const segment of stream) this.observe(segment);
    return this.summary();
  }

  /** The session so far. */
  summary(): EmotionSummary {
    const heard = [...this.#totals].sort(([, a], [, b]) => b.seconds - a.seconds);
    return {
      seconds: this.#end,
      speechSeconds: this.#speech,
      unsureSeconds: this.#unsure,
      emotions: Object.fromEntries(
        heard.map(([emotion, { seconds, confidence }]) => [
          emotion,
          { seconds, share: seconds / this.#speech, meanConfidence: confidence / seconds },
        ]),
      ),
      spans: [...this.#spans],
      dropped: this.#dropped,
    };
  }
}

/** A rule, and since when what it is about has been going on. */
class RuleState {
  readonly #rule: EmotionRule;
  readonly #emotions: readonly string[];
  readonly #gap: number;
  #start: number | undefined;
  #end = 0;
  #told = false;

  constructor(rule: EmotionRule, gap: number) {
    const { emotion, onHold, for: seconds, ...rest } = rule;
    checkNothingElse(ACTION, rest);
    checkNumber(ACTION, 'rules.for', seconds, 0, 1e6);
    if (typeof onHold !== 'function') throw new TypeError(`Cannot ${ACTION}: rules.onHold must be a function`);
    this.#rule = rule;
    this.#emotions = typeof emotion === 'string' ? [emotion] : emotion;
    this.#gap = gap;
  }

  follow(emotion: string | undefined, begin: number, end: number): void {
    const holds = emotion !== undefined && this.#emotions.includes(emotion);
    const isOther = emotion !== undefined && !holds;
    if (isOther || (holds ? begin : end) - this.#end > this.#gap) {
      this.#start = undefined;
      this.#told = false;
    }
    if (!holds) return;
    this.#start ??= begin;
    this.#end = end;
    if (this.#told || end - this.#start < this.#rule.for) return;
    this.#told = true;
    this.#rule.onHold({ emotion, start: this.#start, end });
  }
}

const ACTION = 'monitor emotions';
