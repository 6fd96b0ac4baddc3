// samples as they come → which hops of them hold speech

import { checkNothingElse, checkNumber, checkOptions, type Resolved } from '../core/check.ts';
import { Ring } from '../core/ring.ts';

/**
 * Voice activity detection (VAD) of `EmotionClassifier.stream`: by level alone, relative to the background of the last seconds.
 */
export interface VoiceActivityOptions {
  /** How many decibels above the background the level has to be. @default 9 */
  readonly aboveBackgroundDb?: number | undefined;
  /** What is quieter is never speech, in decibels relative to a full-scale sine. @default -60 */
  readonly minDb?: number | undefined;
  /** Over how many of the last seconds the background is measured. @default 10 */
  readonly memorySeconds?: number | undefined;
  /** Seconds before and after loud sound that count as speech, too: soft onsets, decay, gaps between words. @default 0.2 */
  readonly keepSeconds?: number | undefined;
}

/** The quantile of the latest levels that is the background: even speech has pauses and dips a tenth of the time. */
const BACKGROUND = 0.1;

/**
 * Voice activity detection by level alone: a hop is loud when its level is `aboveBackgroundDb` above the background and not below
 * `minDb`. The background is the level that nine tenths of the hops of the last `memorySeconds` exceed. So the detector adapts to
 * the room and the microphone, and takes no steady sound for speech.
 *
 * Levels are measured about the mean of each hop, as without a constant offset (DC).
 * It distinguishes loud from quiet, not speech from other sounds that come and go.
 */
export class VoiceActivityDetector {
  /** The options as they are in effect. */
  readonly options: Resolved<VoiceActivityOptions>;
  readonly #hop: number;
  readonly #levels: Ring; // of each hop, in decibels
  readonly #keepHops: number;
  readonly #memory: number; // hops
  // Of the hop that is being filled, about its first sample.
  #origin = 0;
  #sum = 0;
  #squares = 0;
  #filled = 0;

  /**
   * @param sampleRate of the samples that will come
   * @param hop samples per decision
   * @param least how many of the latest hops may be asked for
   * @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown
   */
  constructor(sampleRate: number, hop: number, least: number, options: VoiceActivityOptions = {}) {
    const {
      aboveBackgroundDb = 9,
      minDb = -60,
      memorySeconds = 10,
      keepSeconds = 0.2,
      ...rest
    } = checkOptions(ACTION, options);
    checkNothingElse(ACTION, rest);
    checkNumber(ACTION, 'aboveBackgroundDb', aboveBackgroundDb, 0, 100);
    checkNumber(ACTION, 'minDb', minDb, -200, 0);
    checkNumber(ACTION, 'memorySeconds', memorySeconds, 0.5, 600);
    checkNumber(ACTION, 'keepSeconds', keepSeconds, 0, 10);
    this.options = { aboveBackgroundDb, minDb, memorySeconds, keepSeconds };
    this.#hop = hop;
    this.#keepHops = Math.round((keepSeconds * sampleRate) / hop);
    this.#memory = Math.ceil((memorySeconds * sampleRate) / hop);
    this.#levels = new Ring(least + this.#memory + this.#keepHops);
  }

  /** Adds the next samples. */
  push(samples: Float32Array): void {
    const levels: number[] = [];
    for (const sample of samples) {
      if (this.#filled === 0) this.#origin = sample;
      const x = sample - this.#origin;
      this.#sum += x;
      this.#squares += x * x;
      if (++this.#filled < this.#hop) continue;
      const mean = this.#sum / this.#hop;
      const power = Math.max(0, this.#squares / this.#hop - mean * mean);
      levels.push(Math.max(-200, 10 * Math.log10(2 * power))); // a sine of full scale has ½
      this.#sum = 0;
      this.#squares = 0;
      this.#filled = 0;
    }
    this.#levels.push(Float32Array.from(levels));
  }

  /**
   * The part of some hops that holds speech: from the first hop with speech to the last, whatever lies between. Later hops have no
   * influence, whether they have come already or not.
   *
   * @param from the first of the hops
   * @param to the hop after the last; one that is not full does not count
   * @returns undefined where there is no speech
   */
  speechWithin(from: number, to: number): { readonly from: number; readonly to: number } | undefined {
    const { aboveBackgroundDb, minDb } = this.options;
    const keep = this.#keepHops;
    const end = Math.min(this.#levels.end, to);
    const levelsFrom = (hop: number) => this.#levels.slice(Math.max(this.#levels.start, Math.min(hop, end)), end);
    const levels = levelsFrom(from - keep);
    const start = end - levels.length;
    const least = Math.max(minDb, backgroundOf(levelsFrom(end - this.#memory)) + aboveBackgroundDb);
    const first = levels.findIndex((level) => level >= least);
    if (first < 0) return undefined;
    const last = levels.findLastIndex((level) => level >= least);
    const begin = Math.max(from, start + first - keep);
    const stop = Math.min(to, start + last + 1 + keep);
    return begin < stop ? { from: begin, to: stop } : undefined;
  }
}

function backgroundOf(levels: Float32Array): number {
  return levels.sort()[Math.floor(BACKGROUND * (levels.length - 1))] ?? 0;
}

const ACTION = 'detect voice activity';
