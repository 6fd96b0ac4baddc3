// samples as they come, a detector of speech → which stretches of them hold speech

import { checkRate, ResampleStream } from '../audio/resampleStream.ts';
import { checkFunction, checkInteger, checkNothingElse, checkNumber, checkObject, shown } from '../core/check.ts';
import { Ring } from '../core/ring.ts';
import type { SpeechDetection, SpeechDetector } from '../speech/speechDetector.ts';
import type { SoundToCome, Stretch, VoiceActivity, VoiceActivityOptions } from './voiceActivityOptions.ts';

type SpeechOptions = Pick<VoiceActivityOptions, 'threshold' | 'leastSeconds' | 'keepSeconds'>;

/** {@link SpeechOptions}, checked, with the defaults filled in. */
export interface ResolvedSpeechOptions {
  /** Undefined for the detector's own. */
  readonly threshold: number | undefined;
  readonly leastSeconds: number;
  readonly keepSeconds: number;
}

/** @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown */
export function resolveSpeechOptions(action: string, options: SpeechOptions): ResolvedSpeechOptions {
  const { threshold, leastSeconds = 0.128, keepSeconds = 0.2, ...rest } = options;
  checkNothingElse(action, rest, 'vad');
  if (threshold !== undefined) checkNumber(action, 'vad.threshold', threshold, 1e-6, 1);
  checkNumber(action, 'vad.leastSeconds', leastSeconds, 0, 60);
  checkNumber(action, 'vad.keepSeconds', keepSeconds, 0, 10);
  return { threshold, leastSeconds, keepSeconds };
}

/** @throws {RangeError | TypeError} when it is no detector */
export function checkDetector(action: string, detector: SpeechDetector): void {
  if (typeof detector === 'string') {
    throw new RangeError(`Cannot ${action}: vad.detector must be 'speech', 'level' or a detector, got '${detector}'`);
  }
  const { sampleRate, hopLength, lookahead = 0, threshold = 0.5, open } = checkObject(action, 'vad.detector', detector);
  checkRate(action, 'vad.detector.sampleRate', sampleRate);
  checkInteger(action, 'vad.detector.hopLength', hopLength, 1, sampleRate);
  checkInteger(action, 'vad.detector.lookahead', lookahead, 0, 10 * sampleRate);
  checkNumber(action, 'vad.detector.threshold', threshold, 1e-6, 1);
  checkFunction(action, 'vad.detector.open', open);
}

/** Where the rates differ, answers come later by what the resampler sees ahead: far less than this, in seconds. */
const RESAMPLER_SECONDS = 0.1;

/**
 * Voice activity detection by a detector of speech: a stretch holds speech when enough of the hops in it do.
 */
export class SpeechActivity implements VoiceActivity {
  readonly lookahead: number;
  readonly #action: string;
  readonly #detection: SpeechDetection;
  readonly #resampler: ResampleStream;
  readonly #threshold: number;
  readonly #leastHops: number;
  /** In samples of the sound. */
  readonly #keep: number;
  readonly #hop: number;
  /** How likely each hop is. */
  readonly #answers: Ring;
  /** Samples so far. */
  #end = 0;
  #speechHops = 0;

  private constructor(
    action: string,
    detector: SpeechDetector,
    detection: SpeechDetection,
    { threshold = detector.threshold ?? 0.5, leastSeconds, keepSeconds }: ResolvedSpeechOptions,
    { sampleRate, kept }: SoundToCome,
  ) {
    this.#action = action;
    this.#detection = detection;
    this.#resampler = new ResampleStream(sampleRate, detector.sampleRate);
    this.#threshold = threshold;
    this.#hop = (detector.hopLength * sampleRate) / detector.sampleRate;
    this.#leastHops = Math.max(1, Math.round((leastSeconds * sampleRate) / this.#hop));
    this.#keep = keepSeconds * sampleRate;
    const resampling = detector.sampleRate === sampleRate ? 0 : RESAMPLER_SECONDS * sampleRate;
    this.lookahead = Math.ceil(((detector.lookahead ?? 0) * sampleRate) / detector.sampleRate + resampling);
    this.#answers = new Ring(Math.ceil((kept + this.lookahead) / this.#hop) + 4);
  }

  static async open(
    action: string,
    detector: SpeechDetector,
    options: ResolvedSpeechOptions,
    sound: SoundToCome,
  ): Promise<SpeechActivity> {
    return new SpeechActivity(action, detector, await detector.open(), options, sound);
  }

  async push(samples: Float32Array): Promise<void> {
    this.#end += samples.length;
    const resampled = this.#resampler.push(samples);
    if (resampled.length > 0) this.#take(await this.#detection.push(resampled));
  }

  async end(): Promise<void> {
    const left = this.#end > 0 ? this.#resampler.flush() : new Float32Array(0);
    if (left.length > 0) this.#take(await this.#detection.push(left));
    this.#take(await this.#detection.flush());
  }

  #take(answers: ArrayLike<number>): void {
    const numbers = Float32Array.from(answers);
    const odd = numbers.find((answer) => !(answer >= 0 && answer <= 1));
    if (odd !== undefined) {
      throw new RangeError(`Cannot ${this.#action}: answers of vad.detector must be from 0 to 1, got ${shown(odd)}`);
    }
    this.#answers.push(numbers);
    for (const answer of numbers) if (answer >= this.#threshold) this.#speechHops++;
  }

  get hasSpeech(): boolean {
    return this.#speechHops >= this.#leastHops;
  }

  speechWithin(from: number, to: number): Stretch | undefined {
    const hop = this.#hop;
    const first = Math.max(this.#answers.start, Math.ceil(from / hop));
    const last = Math.min(this.#answers.end, Math.floor(to / hop));
    if (last <= first) return undefined;
    const answers = this.#answers.slice(first, last);
    let count = 0;
    for (const answer of answers) if (answer >= this.#threshold) count++;
    if (count < this.#leastHops) return undefined;
    const isSpeech = (answer: number) => answer >= this.#threshold;
    const begin = (first + answers.findIndex(isSpeech)) * hop - this.#keep;
    const stop = (first + answers.findLastIndex(isSpeech) + 1) * hop + this.#keep;
    return { from: Math.max(from, begin), to: Math.min(to, stop) };
  }
}
