// a recording's windows → those of them that hold speech

import { HELD_SECONDS } from '../audio/trimPieces.ts';
import { nextTask } from '../core/nextTask.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import type { WindowOfRecording } from '../model/windowsOf.ts';
import type { SoundLength } from './soundFrames.ts';
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

/**
 * Leaves windows without speech out.
 *
 * @param hop samples from one frame to the next
 * @param length tells how much was trimmed before the first frame
 */
export async function* spokenWindows(
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
