// clips of one speaker and options as given → the same, checked

import { type Channel, checkChannel } from '../audio/channels.ts';
import { checkMaxSeconds, type DecodeOptions } from '../audio/decode.ts';
import type { AudioInput } from '../audio/soundPieces.ts';
import { checkBoolean, checkNothingElse, checkNumber, checkObject, checkOneOf, checkOptions } from '../core/check.ts';
import { isUint8Array } from '../core/realm.ts';
import type { LoadModelOptions } from '../model/modelSource.ts';
import { resolveVoiceActivity } from './voiceActivity.ts';
import type { VoiceActivityOptions } from './voiceActivityOptions.ts';

/** Options of `EmotionClassifier.load`. */
export interface LoadClassifierOptions extends LoadModelOptions {
  /** The `adaptation` of a classifier that was personalised, of the same model. @default none */
  readonly adaptation?: Uint8Array | undefined;
}

/** A clip of the speaker that a classifier is personalised for. */
export interface SpeakerClip {
  /** A waveform, an AudioBuffer or an encoded file's bytes. */
  readonly sound: AudioInput;
  /** One of the model's labels; left out where it is not known. */
  readonly label?: string | undefined;
}

/** Options of `EmotionClassifier.personalise`. */
export interface PersonaliseOptions extends Pick<DecodeOptions, 'maxSeconds'> {
  /**
   * The shares of the labels among the clips, where they are known: `'equal'`, or a number above 0 for each label. The model is then
   * shifted until it gives them these shares.
   * @default not known: clips that sound like few labels shift little
   */
  readonly shares?: 'equal' | Readonly<Record<string, number>> | undefined;
  /** Whether to cut off the silence at both ends of the clips first. @default true, as `classify` does */
  readonly trim?: boolean | undefined;
  /**
   * Voice activity detection (VAD), as in `classify`: what holds no speech is left out, and so are clips without any.
   * @default {} (the defaults of {@link VoiceActivityOptions})
   */
  readonly vad?: VoiceActivityOptions | false | undefined;
  /** Which channel of the clips is listened to. @default 'mix' */
  readonly channel?: Channel | undefined;
  /** Called with each clip that has been heard. */
  readonly onProgress?: ((progress: PersonaliseProgress) => void) | undefined;
  /** Aborts; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What {@link PersonaliseOptions.onProgress} is called with. */
export interface PersonaliseProgress {
  /** A clip has been heard. */
  readonly type: 'clip';
  /** Clips heard so far, this one included. */
  readonly completed: number;
  /** All clips. */
  readonly total: number;
  /** Whether there was speech in it; what has none is left out. */
  readonly speech: boolean;
}

/** How clips are heard. */
export type HearingOptions = Pick<PersonaliseOptions, 'trim' | 'vad' | 'channel' | 'maxSeconds' | 'signal'>;

const ACTION = 'personalise';

/** What a classifier is personalised by, checked. */
export interface Enrolment {
  /** Given in place of clips. */
  readonly adaptation: Uint8Array | undefined;
  readonly clips: readonly { readonly sound: AudioInput; readonly label: number | undefined }[];
  readonly shares: readonly number[] | undefined;
  readonly hearing: HearingOptions;
}

/**
 * Checks clips and options.
 *
 * @throws {TypeError} when the clips are none, or an option is of the wrong type or unknown
 * @throws {RangeError} when a label is none of the model's, or an option is out of range
 */
export function resolveEnrolment(
  labels: readonly string[],
  given: Iterable<SpeakerClip> | Uint8Array,
  options: PersonaliseOptions,
): Enrolment {
  const {
    shares,
    trim = true,
    vad,
    channel,
    maxSeconds,
    onProgress: _told,
    signal,
    ...rest
  } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  checkBoolean(ACTION, 'trim', trim);
  resolveVoiceActivity(ACTION, vad);
  if (channel !== undefined) checkChannel(ACTION, channel);
  checkMaxSeconds(ACTION, maxSeconds);
  const checked = {
    shares: shares === undefined ? undefined : sharesOf(labels, shares),
    hearing: { trim, vad, channel, maxSeconds, signal },
  };
  if (isUint8Array(given)) return { adaptation: new Uint8Array(given), clips: [], ...checked };
  if (typeof (given as Iterable<unknown> | undefined)?.[Symbol.iterator] !== 'function' || typeof given === 'string') {
    throw new TypeError(`Cannot ${ACTION}: clips must be an array of { sound, label }, or an earlier adaptation`);
  }
  const clips = Array.from(given, (clip, i) => {
    const { sound, label, ...others } = checkObject(ACTION, `clips[${i}]`, clip);
    checkNothingElse(ACTION, others, `clips[${i}]`);
    if (label !== undefined) checkOneOf(ACTION, `clips[${i}].label`, label, labels);
    return { sound, label: label === undefined ? undefined : labels.indexOf(label) };
  });
  return { adaptation: undefined, clips, ...checked };
}

function sharesOf(labels: readonly string[], shares: NonNullable<PersonaliseOptions['shares']>): number[] {
  if (shares === 'equal') return labels.map(() => 1 / labels.length);
  const given: Readonly<Record<string, number>> = checkObject(ACTION, 'shares', shares);
  checkNothingElse(
    ACTION,
    Object.fromEntries(Object.entries(given).filter(([label]) => !labels.includes(label))),
    'shares',
  );
  const values = labels.map((label) => checkNumber(ACTION, `shares.${label}`, given[label], LEAST_SHARE, 1e6));
  const sum = values.reduce((a, b) => a + b, 0);
  return values.map((value) => value / sum);
}

/** A label that never occurs would have to be shifted endlessly far. */
const LEAST_SHARE = 1e-4;
