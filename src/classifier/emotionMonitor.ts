// segments of a stream → changes of emotion, rules that come to hold, and a summary

import {
  checkArray,
  checkBoolean,
  checkFunction,
  checkInteger,
  checkNothingElse,
  checkNumber,
  checkObject,
  checkOptions,
  shown,
} from '../core/check.ts';
import type { StreamSegment } from './stream.ts';

/** A span of time with one emotion, in seconds of sound. */
export interface EmotionSpan {
  /** The label. */
  readonly emotion: string;
  /** When it began. */
  readonly start: number;
  /** When it was last heard. */
  readonly end: number;
}

/** A change from one emotion to another. */
export interface EmotionChange {
  /** The emotion now. */
  readonly to: EmotionSpan;
  /** The emotion before; undefined at the beginning. */
  readonly from: EmotionSpan | undefined;
}

/** A rule that holds once an emotion has lasted for a while. */
export interface EmotionRule {
  /** The emotion, or several that count as one. */
  readonly emotion: string | readonly string[];
  /** For how many seconds it has to last. */
  readonly for: number;
  /** Called once each time the rule comes to hold. */
  readonly onRule: (span: EmotionSpan) => void;
}

/** Options of {@link EmotionMonitor}. */
export interface EmotionMonitorOptions {
  /** Called when the emotion changes. */
  readonly onChange?: ((change: EmotionChange) => void) | undefined;
  /** Rules, each with a callback. @default [] */
  readonly rules?: readonly EmotionRule[] | undefined;
  /** Segments of lower confidence count as unsure, in [0, 1]. @default 0 */
  readonly minConfidence?: number | undefined;
  /** Segments that the model itself is not sure of count as unsure, too: `sure: false`. @default false */
  readonly sureOnly?: boolean | undefined;
  /** How many seconds without the emotion end it: shorter silences and unsure segments do not interrupt it. @default 3 */
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
  /** Seconds in which the model was sure of it, where it says so: `sure: true`. */
  readonly sureSeconds: number;
}

/** A session so far. */
export interface EmotionSummary {
  /** Seconds of sound. */
  readonly seconds: number;
  /** Seconds with speech. */
  readonly speechSeconds: number;
  /** Seconds with speech that was too unsure to count. */
  readonly unsureSeconds: number;
  /** Each emotion, the longest first. */
  readonly emotions: Readonly<Record<string, EmotionShare>>;
  /** Every span with one emotion, in order. */
  readonly spans: readonly EmotionSpan[];
  /** Segments that the stream dropped because they were not taken in time. */
  readonly dropped: number;
}

/**
 * Follows the emotions of a stream: reports changes and rules that come to hold, and summarises the session.
 *
 * Of overlapping segments, each counts for the time that the one before did not cover. A session may have several streams, one after
 * the other: the times of each continue where the one before ended, and no emotion continues from one into the next.
 *
 * @example
 * const monitor = new EmotionMonitor({
 *   onChange: ({ from, to }) => console.log(`${from?.emotion} → ${to.emotion}`),
 *   rules: [{ emotion: 'sad', for: 30, onRule: ({ start }) => console.log(`sad since ${start} s`) }],
 * });
 * const summary = await monitor.follow(classifier.stream(source, { sampleRate: 48_000, smoothing: {} }));
 */
export class EmotionMonitor {
  readonly #onChange: (change: EmotionChange) => void;
  readonly #rules: readonly RuleState[];
  readonly #minConfidence: number;
  readonly #sureOnly: boolean;
  readonly #gap: number;
  readonly #totals = new Map<string, { seconds: number; confidence: number; sure: number }>();
  #spans: EmotionSpan[] = [];
  #current: EmotionSpan | undefined;
  #end = 0;
  #speech = 0;
  #unsure = 0;
  #dropped = 0;
  /** When the current stream began, in the session's time. */
  #offset = 0;
  /** When the previous segment began, in its stream's time. */
  #before = 0;
  #following = false;

  /** @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown */
  constructor(options: EmotionMonitorOptions = {}) {
    const {
      onChange = () => {},
      rules = [],
      minConfidence = 0,
      sureOnly = false,
      gapSeconds = 3,
      ...rest
    } = checkOptions(ACTION, options);
    checkNothingElse(ACTION, rest);
    checkArray(ACTION, 'rules', rules);
    this.#onChange = onChange;
    this.#minConfidence = checkNumber(ACTION, 'minConfidence', minConfidence, 0, 1);
    this.#sureOnly = checkBoolean(ACTION, 'sureOnly', sureOnly);
    this.#gap = checkNumber(ACTION, 'gapSeconds', gapSeconds, 0, 3600);
    this.#rules = rules.map((rule: EmotionRule, i) => new RuleState(rule, `rules[${i}]`, this.#gap));
  }

  /** The current emotion; undefined while there is none, or where the last one was too long ago. */
  get current(): EmotionSpan | undefined {
    return this.#current;
  }

  /**
   * Adds the next segment of a stream. For whole streams, and more than one, see {@link follow}.
   *
   * @throws {RangeError} when it begins before the previous one
   * @throws {TypeError} when it is no segment
   */
  observe(segment: StreamSegment): void {
    checkSegment(segment);
    if (segment.start < this.#before) {
      const rule = `no earlier than that of the segment before (${this.#before} s; follow takes a second stream)`;
      throw new RangeError(`Cannot ${ACTION}: segment.start must be ${rule}, got ${segment.start}`);
    }
    this.#before = segment.start;
    this.#dropped += segment.dropped;
    const end = this.#offset + segment.end;
    const begin = Math.max(this.#offset + segment.start, this.#end);
    if (end <= begin) return; // all of it has been heard
    const fresh = end - begin;
    this.#end = end;
    const isHeard = segment.speech && segment.confidence >= this.#minConfidence;
    const emotion = isHeard && (!this.#sureOnly || segment.sure !== false) ? segment.label : undefined;
    if (segment.speech) this.#speech += fresh;
    if (segment.speech && emotion === undefined) this.#unsure += fresh;
    if (segment.speech && emotion !== undefined) {
      const total = this.#totals.get(emotion) ?? { seconds: 0, confidence: 0, sure: 0 };
      total.seconds += fresh;
      if (segment.sure) total.sure += fresh;
      total.confidence += fresh * segment.confidence;
      this.#totals.set(emotion, total);
    }
    this.#follow(emotion, begin, end);
    for (const rule of this.#rules) rule.follow(emotion, begin, end);
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
   * Observes a stream to its end. Its times continue where the previous stream ended.
   *
   * @returns the summary of all that the monitor has observed, this stream included
   * @throws {Error} when another stream is being followed
   * @throws what the stream throws; what was observed until then stays
   */
  async follow(stream: AsyncIterable<StreamSegment>): Promise<EmotionSummary> {
    if (this.#following) {
      await (stream as Partial<AsyncGenerator>)?.return?.(undefined); // or its microphone would stay open
      throw new Error(`Cannot ${ACTION}: one stream must have ended before the next is followed`);
    }
    this.#following = true;
    try {
      if (this.#end > 0) this.#beginAnother();
      for await (const segment of stream) this.observe(segment);
      return this.summary();
    } finally {
      this.#following = false;
    }
  }

  /** The time between two streams is not known, so no emotion continues over it. */
  #beginAnother(): void {
    this.#offset = this.#end;
    this.#before = 0;
    this.#current = undefined;
    for (const rule of this.#rules) rule.interrupt();
  }

  /** The session so far. */
  summary(): EmotionSummary {
    const heard = [...this.#totals].sort(([, a], [, b]) => b.seconds - a.seconds);
    return {
      seconds: this.#end,
      speechSeconds: this.#speech,
      unsureSeconds: this.#unsure,
      emotions: Object.fromEntries(
        heard.map(([emotion, { seconds, confidence, sure }]) => [
          emotion,
          { seconds, share: seconds / this.#speech, meanConfidence: confidence / seconds, sureSeconds: sure },
        ]),
      ),
      spans: [...this.#spans],
      dropped: this.#dropped,
    };
  }
}

/** A rule, and since when its emotion has lasted. */
class RuleState {
  readonly #rule: EmotionRule;
  readonly #emotions: readonly string[];
  readonly #gap: number;
  #start: number | undefined;
  #end = 0;
  #told = false;

  constructor(rule: EmotionRule, name: string, gap: number) {
    const { emotion, onRule, for: seconds, ...rest } = checkObject(ACTION, name, rule);
    checkNothingElse(ACTION, rest);
    checkNumber(ACTION, `${name}.for`, seconds, 0, 1e6);
    checkFunction(ACTION, `${name}.onRule`, onRule);
    this.#emotions = typeof emotion === 'string' ? [emotion] : emotion;
    const areNames = Array.isArray(this.#emotions) && this.#emotions.every((one) => typeof one === 'string' && one);
    if (!areNames || this.#emotions.length === 0) {
      throw new TypeError(`Cannot ${ACTION}: ${name}.emotion must be an emotion, or several, got ${shown(emotion)}`);
    }
    this.#rule = rule;
    this.#gap = gap;
  }

  /** The emotion is over. */
  interrupt(): void {
    this.#start = undefined;
    this.#told = false;
  }

  follow(emotion: string | undefined, begin: number, end: number): void {
    const holds = emotion !== undefined && this.#emotions.includes(emotion);
    const isOther = emotion !== undefined && !holds;
    if (isOther || (holds ? begin : end) - this.#end > this.#gap) this.interrupt();
    if (!holds) return;
    this.#start ??= begin;
    this.#end = end;
    if (this.#told || end - this.#start < this.#rule.for) return;
    this.#told = true;
    this.#rule.onRule({ emotion, start: this.#start, end });
  }
}

function checkSegment(segment: StreamSegment): void {
  const { start, end, dropped, ...more } = checkObject(ACTION, 'segment', segment);
  checkNumber(ACTION, 'segment.start', start, 0, Number.MAX_VALUE);
  checkNumber(ACTION, 'segment.end', end, start, Number.MAX_VALUE);
  checkInteger(ACTION, 'segment.dropped', dropped, 0, Number.MAX_SAFE_INTEGER);
  if (more.speech) checkNumber(ACTION, 'segment.confidence', more.confidence, 0, 1);
}

const ACTION = 'monitor emotions';
