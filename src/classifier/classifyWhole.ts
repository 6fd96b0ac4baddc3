// a recording → the emotion of all of it

import type { Channel } from '../audio/channels.ts';
import type { DecodeOptions } from '../audio/decode.ts';
import type { AudioInput } from '../audio/soundPieces.ts';
import { checkBoolean, checkNothingElse, checkOptions } from '../core/check.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import { predictWhole } from '../model/predict.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import type { WindowOfRecording } from '../model/windowsOf.ts';
import { checkTopK, type EmotionResult, said, toEstimate } from './emotionResult.ts';
import { type AnyChannel, hear } from './hear.ts';
import type { SoundLength, SoundProgress } from './soundFrames.ts';
import { openSpokenWindows } from './spokenWindows.ts';
import { resolveVoiceActivity } from './voiceActivity.ts';
import type { VoiceActivityOptions } from './voiceActivityOptions.ts';

/** Options of `classify`. */
export interface ClassifyOptions extends Pick<DecodeOptions, 'maxSeconds'> {
  /**
   * How many of the likeliest labels to keep in `scores`.
   * @default all of them
   */
  topK?: number | undefined;
  /**
   * Whether to cut off the silence at both ends first.
   * @default true, as in training
   */
  trim?: boolean | undefined;
  /**
   * Voice activity detection (VAD): a recording without speech has no emotion, and windows of a long one without speech do not count.
   * `false` classifies whatever there is.
   * @default {} (the defaults of {@link VoiceActivityOptions})
   */
  vad?: VoiceActivityOptions | false | undefined;
  /** Which channel is listened to; `'each'` gives a result for each. @default 'mix' */
  channel?: Channel | undefined;
  /** Called with each window that is done. */
  onProgress?: ((progress: SoundProgress) => void) | undefined;
  /** Aborts; the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

const ACTION = 'classify';

/** What `classify` does, with its options. */
export async function classifyWhole(
  model: TrainedModel,
  extractor: FeatureExtractor,
  input: AudioInput,
  options: AnyChannel<ClassifyOptions>,
): Promise<EmotionResult | EmotionResult[]> {
  const { topK, trim = true, vad, maxSeconds, channel, ...others } = checkOptions(ACTION, options);
  const { onProgress, signal, ...rest } = others;
  checkNothingElse(ACTION, rest);
  checkTopK(ACTION, topK);
  checkBoolean(ACTION, 'trim', trim);
  const heard = { trim, vad: resolveVoiceActivity(ACTION, vad), signal };
  return hear(ACTION, input, { maxSeconds, channel, signal }, async (sound, which) => {
    const length: SoundLength = { seconds: 0, totalSeconds: undefined };
    const spoken = await openSpokenWindows(ACTION, sound, extractor, model.settings.window, heard, length);
    let done = 0;
    const tell = (seconds: number) => {
      done = seconds;
      onProgress?.({ type: 'sound', seconds, totalSeconds: length.totalSeconds, ...which });
    };
    const onWindow = ({ range, isLast }: WindowOfRecording) => {
      tell(isLast ? length.seconds : Math.min(length.seconds, range.endFrame / extractor.framesPerSecond));
    };
    const probabilities = await predictWhole(model, spoken.windows, { signal, onWindow });
    if (done < length.seconds) tell(length.seconds);
    if (!probabilities || !spoken.hasSpeech()) return { speech: false, ...said(sound.channels) };
    return { speech: true, ...toEstimate(model.settings, probabilities, topK), ...said(sound.channels) };
  });
}
