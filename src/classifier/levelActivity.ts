// samples as they come → which hops of them are louder than the background

import { checkNothingElse, checkNumber, type Resolved } from '../core/check.ts';
import { Ring } from '../core/ring.ts';
import type { SoundToCome, Stretch, VoiceActivity, VoiceActivityOptions } from './voiceActivityOptions.ts';

type LevelOptions = Pick<VoiceActivityOptions, 'aboveBackgroundDb' | 'minDb' | 'memorySeconds' | 'keepSeconds'>;

/** {@link LevelOptions}, checked, with the defaults filled in. */
export type ResolvedLevelOptions = Resolved<LevelOptions>;

/** @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown */
export function resolveLevelOptions(action: string, options: LevelOptions): ResolvedLevelOptions {
  const { aboveBackgroundDb = 9, minDb = -60, memorySeconds = 10, keepSeconds = 0.2, ...rest } = options;
  checkNothingElse(action, rest, 'vad');
  checkNumber(action, 'vad.aboveBackgroundDb', aboveBackgroundDb, 0, 100);
  checkNumber(action, 'vad.minDb', minDb, -200, 0);
  checkNumber(action, 'vad.memorySeconds', memorySeconds, 0.5, 600);
  checkNumber(action, 'vad.keepSeconds', keepSeconds, 0, 10);
  return { aboveBackgroundDb, minDb, memorySeconds, keepSeconds };
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
export class LevelActivity implements VoiceActivity {
  readonly lookahead = 0;
  readonly #options: ResolvedLevelOptions;
  readonly #hop: number;
  readonly #levels: Ring; // of each hop, in decibels
  readonly #keepHops: number;
  readonly #memory: number; // hops
  #hasSpeech = false;
  /** Hops up to here have been looked at for {@link hasSpeech}. */
  #lookedAt = 0;
  // Of the hop that is being filled, about its first sample.
  #origin = 0;
  #sum = 0;
  #squares = 0;
  #filled = 0;

  constructor(options: ResolvedLevelOptions, { sampleRate, hop, kept }: SoundToCome) {
    const { memorySeconds, keepSeconds } = options;
    this.#options = options;
    this.#hop = hop;
    this.#keepHops = Math.round((keepSeconds * sampleRate) / hop);
    this.#memory = Math.ceil((memorySeconds * sampleRate) / hop);
    this.#levels = new Ring(Math.ceil(kept / hop) + 4 + this.#memory + this.#keepHops);
  }

  push(samples: Float32Array): void {
    const most = this.#memory * this.#hop; // so that levels are looked at while the ring has them
    for (let at = 0; at < samples.length; at += most) this.#take(samples.subarray(at, at + most));
  }

  #take(samples: Float32Array): void {
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
    if (this.#levels.end - this.#lookedAt >= this.#memory) this.#look();
  }

  end(): void {
    this.#look();
  }

  #look(): void {
    const end = this.#levels.end;
    this.#hasSpeech ||= this.#loudWithin(this.#lookedAt, end, end) !== undefined;
    this.#lookedAt = end;
  }

  get hasSpeech(): boolean {
    return this.#hasSpeech;
  }

  speechWithin(from: number, to: number): Stretch | undefined {
    const hop = this.#hop;
    const [first, last] = [Math.floor(from / hop), Math.ceil(to / hop)];
    const keep = this.#keepHops;
    const loud = this.#loudWithin(first - keep, last, Math.min(this.#levels.end, last));
    if (!loud) return undefined;
    const begin = Math.max(first, loud.first - keep);
    const stop = Math.min(last, loud.last + 1 + keep);
    return begin < stop ? { from: Math.max(from, begin * hop), to: Math.min(to, stop * hop) } : undefined;
  }

  /** The first and the last loud hop, by the background before `end`. */
  #loudWithin(from: number, to: number, end: number): { readonly first: number; readonly last: number } | undefined {
    const { aboveBackgroundDb, minDb } = this.#options;
    const stop = Math.min(to, end);
    const levelsFrom = (hop: number) => this.#levels.slice(Math.max(this.#levels.start, Math.min(hop, stop)), stop);
    const levels = levelsFrom(from);
    const start = stop - levels.length;
    const least = Math.max(minDb, backgroundOf(levelsFrom(stop - this.#memory)) + aboveBackgroundDb);
    const first = levels.findIndex((level) => level >= least);
    if (first < 0) return undefined;
    return { first: start + first, last: start + levels.findLastIndex((level) => level >= least) };
  }
}

function backgroundOf(levels: Float32Array): number {
  return levels.sort()[Math.floor(BACKGROUND * (levels.length - 1))] ?? 0;
}
