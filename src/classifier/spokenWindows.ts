// a recording's windows → those of them that hold speech

import type { MonoPiece } from '../audio/monoPieces.ts';
import { HELD_SECONDS } from '../audio/trimPieces.ts';
import { nextTask } from '../core/nextTask.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import { type WindowOfRecording, windowsOf } from '../model/windowsOf.ts';
import { type SoundLength, soundFrames } from './soundFrames.ts';
import { openVoiceActivity, type ResolvedVoiceActivity } from './voiceActivity.ts';
import type { VoiceActivity } from './voiceActivityOptions.ts';

/** Seconds more than what is held of a recording, and a window: pieces of sound, and frames that wait. */
const SPARE_SECONDS = 30;
/** Windows that are left out between turns of the host: a few seconds' features each. */
const WINDOWS_A_TURN = 4;

/**
 * What hears a recording whose frames are cut into windows.
 *
 * @param frames of a window
 * @returns undefined where nobody asks for it
 */
export async function openRecordingActivity(
  action: string,
  vad: ResolvedVoiceActivity | false,
  { options: { sampleRate, features } }: FeatureExtractor,
  frames: number,
): Promise<VoiceActivity | undefined> {
  if (!vad) return undefined;
  const hop = features.hopLength;
  return openVoiceActivity(action, vad, {
    ...{ sampleRate, hop },
    kept: (HELD_SECONDS + SPARE_SECONDS) * sampleRate + frames * hop,
  });
}

/** The windows of a recording that count. */
export interface SpokenWindows {
  readonly windows: AsyncIterable<WindowOfRecording>;
  /** Whether there is speech in it; true where nobody asks. To be called when all windows have been taken. */
  readonly hasSpeech: () => boolean;
}

/**
 * Cuts a recording into windows, as `classify` takes them: those with speech.
 *
 * @param window of the model, in frames
 * @param length is kept up to date
 */
export async function openSpokenWindows(
  action: string,
  sound: AsyncIterable<MonoPiece>,
  extractor: FeatureExtractor,
  window: { readonly frames: number; readonly hopFrames: number },
  how: {
    /** Whether silence at both ends is cut off. */
    readonly trim: boolean;
    readonly vad: ResolvedVoiceActivity | false;
    readonly signal: AbortSignal | undefined;
  },
  length: SoundLength,
): Promise<SpokenWindows> {
  const { trim, vad, signal } = how;
  const activity = await openRecordingActivity(action, vad, extractor, window.frames);
  const frames = soundFrames(extractor, sound, { trim, signal, activity, onlySpeech: true }, length);
  const windows = windowsOf(frames, window);
  const { hopLength } = extractor.options.features;
  return {
    windows: activity ? spokenWindows(windows, activity, hopLength, length) : windows,
    hasSpeech: () => activity?.hasSpeech !== false,
  };
}

/**
 * Leaves windows without speech out.
 *
 * @param hop samples from one frame to the next
 * @param length tells how much was trimmed before the first frame
 */
async function* spokenWindows(
  windows: AsyncIterable<WindowOfRecording>,
  activity: VoiceActivity,
  hop: number,
  length: SoundLength,
): AsyncGenerator<WindowOfRecording, void, undefined> {
  let skipped = 0;
  for await (const window of windows) {
    const { startFrame, endFrame } = window.range;
    const from = (length.trimmed ?? 0) + startFrame * hop;
    const to = (length.trimmed ?? 0) + endFrame * hop;
    if (activity.speechWithin(from, to)) yield window;
    else if (++skipped % WINDOWS_A_TURN === 0) await nextTask();
  }
}
