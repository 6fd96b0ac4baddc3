// options → what tells which parts of a sound hold speech

import { checkOptions } from '../core/check.ts';
import { loadPart } from '../core/loadPart.ts';
import type { SpeechDetector } from '../speech/speechDetector.ts';
import { LevelActivity, type ResolvedLevelOptions, resolveLevelOptions } from './levelActivity.ts';
import { checkDetector, type ResolvedSpeechOptions, resolveSpeechOptions, SpeechActivity } from './speechActivity.ts';
import type { SoundToCome, VoiceActivity, VoiceActivityOptions } from './voiceActivityOptions.ts';

/** {@link VoiceActivityOptions}, checked. */
export type ResolvedVoiceActivity =
  | { readonly detector: 'level'; readonly options: ResolvedLevelOptions }
  | { readonly detector: 'speech' | SpeechDetector; readonly options: ResolvedSpeechOptions };

/**
 * @param vad option of a call, as it was given
 * @returns false where it is
 * @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown
 */
export function resolveVoiceActivity(
  action: string,
  vad: VoiceActivityOptions | false = {},
): ResolvedVoiceActivity | false {
  if (vad === false) return false;
  const { detector = 'speech', ...options } = checkOptions(action, vad, 'vad');
  if (detector === 'level') return { detector, options: resolveLevelOptions(action, options) };
  if (detector !== 'speech') checkDetector(action, detector);
  return { detector, options: resolveSpeechOptions(action, options) };
}

/** Begins with a sound. */
export async function openVoiceActivity(
  action: string,
  { detector, options }: ResolvedVoiceActivity,
  sound: SoundToCome,
): Promise<VoiceActivity> {
  if (detector === 'level') return new LevelActivity(options, sound);
  return SpeechActivity.open(action, detector === 'speech' ? await loadDetector(action) : detector, options, sound);
}

const DETECTOR = "what knows speech from other sounds (vad: false and { detector: 'level' } do without)";

async function loadDetector(action: string): Promise<SpeechDetector> {
  const { ownDetector } = await loadPart(
    import('../speech/ownDetector.ts'),
    (reason, cause) => new Error(`Cannot ${action}: ${DETECTOR} is ${reason}`, { cause }),
  );
  return ownDetector;
}
