// Waveform → how much each value of its spectrogram, and each frame, contributed to the prediction

import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { type Channel, type ChannelUse, checkChannel } from '../audio/channels.ts';
import type { DecodeOptions } from '../audio/decode.ts';
import type { AudioInput } from '../audio/soundPieces.ts';
import { speechRange } from '../audio/trim.ts';
import type { Waveform } from '../audio/waveform.ts';
import { abortable } from '../core/abortable.ts';
import { checkBoolean, checkInteger, checkNothingElse, checkNumber, checkOneOf, checkOptions } from '../core/check.ts';
import { nextTask } from '../core/nextTask.ts';
import { computeUnchecked } from '../features/extractFeatures.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { Normalizer } from '../features/normalizer.ts';
import { onBackend } from '../kernels/wasmGuard.ts';
import { AttentionPooling } from '../layers/pooling/attentionPooling.ts';
import { predict } from '../model/predict.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import { fillWindow, placesIn } from '../model/windows.ts';
import { type EmotionEstimate, said, toEstimate } from './emotionResult.ts';
import { openMono } from './hear.ts';
import type { SoundProgress } from './soundFrames.ts';
import { LONGEST_STRETCH, type Stretch, soundStretch } from './soundStretch.ts';

/** Options of `EmotionClassifier.explain`. */
export interface ExplainOptions extends Pick<DecodeOptions, 'maxSeconds'> {
  /** Which label to explain. @default the likeliest */
  readonly label?: string | undefined;
  /** Points between silence and the recording at which the gradient is taken: more come closer to the integral. @default 32 */
  readonly steps?: number | undefined;
  /** Which channel is listened to. @default 'mix' */
  readonly channel?: Channel | undefined;
  /** Where the stretch that is explained begins, in seconds. @default 0 */
  readonly start?: number | undefined;
  /** Where it ends, in seconds, at most 600 after `start`. @default the end of the recording, which is refused when it is longer */
  readonly end?: number | undefined;
  /** `false` explains a recording with the silence at its ends. @default true, as `classify` does */
  readonly trim?: boolean | undefined;
  /** Called with each window that is done. */
  readonly onProgress?: ((progress: SoundProgress) => void) | undefined;
  /** Aborts; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How a prediction came about. */
export interface Explanation extends EmotionEstimate {
  /** What was done with the channels of a recording that has several; missing where it has one. */
  readonly channels?: ChannelUse | undefined;
  /** The label that is explained. */
  readonly explained: string;
  /** Where the first frame begins, in seconds of the recording: above the stretch's beginning where `trim` cut silence off. */
  readonly start: number;
  /** Frames per second. */
  readonly framesPerSecond: number;
  /** The spectrogram (or other features) of the recording, before normalisation, [frames, bins]. */
  readonly features: FeatureMatrix;
  /**
   * How much each value of `features` speaks for the label, or against it where negative, [frames, bins]. Their sum is about the
   * uncalibrated probability of the label minus that of silence, as a mean over the windows.
   */
  readonly contributions: FeatureMatrix;
  /**
   * How much each frame weighs in the attention pooling, [frames], the same within a step of the recurrent layer; the sum is 1
   * minus the weight of padding. Undefined where the network has no such pooling.
   */
  readonly attention: Float32Array | undefined;
}

const ACTION = 'explain';
/** Points at once: forward and backward take some tens of MB. */
const BATCH = 8;

/** What `EmotionClassifier.explain` gives. */
export async function explain(
  model: TrainedModel,
  extractor: FeatureExtractor,
  input: AudioInput,
  options: ExplainOptions,
): Promise<Explanation> {
  const resolved = resolveOptions(model, options);
  const { maxSeconds, channel, signal } = options;
  const sound = openMono(ACTION, input, { maxSeconds, channel, signal });
  const work = async () => {
    const stretch = await soundStretch(ACTION, sound, extractor.options.sampleRate, resolved);
    return { ...(await explanationOf(model, extractor, stretch, resolved)), ...said(sound.channels) };
  };
  return abortable(work(), signal);
}

/** {@link ExplainOptions}, checked, with every default filled in but that of the label. */
type ResolvedExplainOptions = ExplainOptions & Stretch & { readonly steps: number; readonly trim: boolean };

/** @throws {RangeError | TypeError} when the label is none of the model's, or an option out of its range, of the wrong type or unknown */
function resolveOptions({ settings }: TrainedModel, options: ExplainOptions): ResolvedExplainOptions {
  const {
    label,
    steps = 32,
    start = 0,
    end = Number.POSITIVE_INFINITY,
    trim = true,
    maxSeconds: _decoding,
    channel,
    onProgress,
    signal,
    ...rest
  } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  checkNumber(ACTION, 'start', start, 0, Number.MAX_SAFE_INTEGER);
  if (channel !== undefined) checkChannel(ACTION, channel);
  if (options.end !== undefined) checkEnd(start, end);
  checkInteger(ACTION, 'steps', steps, 1, 1024);
  checkBoolean(ACTION, 'trim', trim);
  if (label !== undefined) checkOneOf(ACTION, 'label', label, settings.labels);
  return { label, steps, start, end, trim, onProgress, signal };
}

function checkEnd(start: number, end: number): void {
  checkNumber(ACTION, 'end', end, 0, Number.MAX_SAFE_INTEGER);
  if (end > start && end - start <= LONGEST_STRETCH) return;
  const rule = `after start, by at most ${LONGEST_STRETCH} seconds`;
  throw new RangeError(`Cannot ${ACTION}: end must be ${rule}, got ${end} where start is ${start}`);
}

/**
 * Explains a prediction by integrated gradients from silence to the recording, and by the weights of the attention pooling.
 *
 * @see Sundararajan et al. 2017, "Axiomatic Attribution for Deep Networks", https://arxiv.org/abs/1703.01365
 *
 * @param stretch at the extractor's rate
 */
async function explanationOf(
  model: TrainedModel,
  extractor: FeatureExtractor,
  stretch: Waveform,
  { label, steps, start, trim, onProgress, signal }: ResolvedExplainOptions,
): Promise<Explanation> {
  const { labels } = model.settings;
  const { samples, sampleRate } = stretch;
  const trimming = trim && extractor.options.trim;
  const [from, to] = trimming ? await speechRange(stretch, trimming, signal) : [0, samples.length];
  const features = await computeUnchecked(extractor, samples.subarray(from, to), signal);
  const [prediction] = await predict(model, [features], { signal });
  const result = toEstimate(model.settings, prediction!.probabilities);
  const explained = label ?? result.label;

  const contributions = new Float32Array(features.values.length);
  const attention = attentionOf(model) && new Float32Array(features.frames);
  const { windows } = prediction!;
  const shares = windowShares(model, extractor, labels.indexOf(explained), steps);
  const totalSeconds = samples.length / sampleRate;
  for (const range of windows) {
    const { startFrame, endFrame } = range;
    const isLast = range === windows.at(-1);
    const parts = await shares(features, range, signal);
    const first = startFrame * features.bins;
    for (let i = 0; i < (endFrame - startFrame) * features.bins; i++) {
      contributions[first + i]! += parts.contributions[i]! / windows.length;
    }
    for (let frame = startFrame; attention && frame < endFrame; frame++) {
      attention[frame]! += parts.attention![frame - startFrame]! / windows.length;
    }
    const seconds = Math.min(totalSeconds, from / sampleRate + endFrame / extractor.framesPerSecond);
    onProgress?.({ type: 'sound', seconds: isLast ? totalSeconds : seconds, totalSeconds });
  }
  return {
    ...result,
    explained,
    start: start + from / sampleRate,
    framesPerSecond: extractor.framesPerSecond,
    features,
    contributions: { ...features, values: contributions },
    attention,
  };
}

/** The pooling whose weights can be shown. */
function attentionOf({ network }: TrainedModel): AttentionPooling | undefined {
  return network.layers.find((layer): layer is AttentionPooling => layer instanceof AttentionPooling);
}

/** What each value and each frame of one window contributes. */
interface WindowShares {
  readonly contributions: Float32Array; // [frames of the range, bins]
  readonly attention: Float32Array | undefined; // [frames of the range]
}

function windowShares(model: TrainedModel, extractor: FeatureExtractor, label: number, steps: number) {
  const { network, settings } = model;
  const normalizer = Normalizer.fromJSON(settings.normalizer);
  const { bins } = normalizer;
  const { frames } = settings.window;
  const silence = normalizer.apply({ values: extractor.silence, frames: 1, bins }).values;
  const shape = network.inputs[0]!.shape.length === 3 ? [frames, bins] : [frames, bins, 1];
  const pooling = attentionOf(model);
  const sequence = pooling && tfl.model({ inputs: network.inputs, outputs: pooling.input as tfl.SymbolicTensor });
  const input = new Float32Array(frames * bins);

  /** The mean gradient of the label's probability over some points between silence and the window, times their number. */
  const gradients = (amounts: readonly number[]): tf.Tensor =>
    tf.tidy(() => {
      const batch = new Float32Array(amounts.length * input.length);
      amounts.forEach((amount, i) => {
        for (let j = 0; j < input.length; j++) {
          const quiet = silence[j % bins]!;
          batch[i * input.length + j] = quiet + amount * (input[j]! - quiet);
        }
      });
      const probability = (x: tf.Tensor) => {
        const y = network.apply(x, { training: false }) as tf.Tensor2D; // [batch, labels]
        return tf.sum(tf.slice(y, [0, label], [-1, 1])) as tf.Scalar;
      };
      return tf.sum(tf.grad(probability)(tf.tensor(batch, [amounts.length, ...shape])), 0);
    });

  return async (
    features: FeatureMatrix,
    range: { startFrame: number; endFrame: number },
    signal: AbortSignal | undefined,
  ): Promise<WindowShares> => {
    const length = range.endFrame - range.startFrame;
    // Padding contributes nothing: it is silence already.
    const [before] = placesIn(frames, length, 1) as [number];
    fillWindow(features, range, normalizer, silence, input, before);
    const sum = new Float64Array(length * bins);
    for (let step = 0; step < steps; step += BATCH) {
      await nextTask();
      signal?.throwIfAborted();
      const count = Math.min(BATCH, steps - step);
      const gradient = onBackend(() => gradients(Array.from({ length: count }, (_, i) => (step + i + 0.5) / steps)));
      const values = await gradient.data().finally(() => gradient.dispose());
      for (let i = 0; i < sum.length; i++) sum[i]! += values[before * bins + i]!;
    }
    const contributions = Float32Array.from(sum, (gradient, i) => {
      return (gradient / steps) * (input[before * bins + i]! - silence[i % bins]!);
    });
    if (!pooling) return { contributions, attention: undefined };
    const weigh = () => {
      const y = sequence!.apply(tf.tensor(input, [1, ...shape]), { training: false }) as tf.Tensor3D;
      return pooling.attention(y);
    };
    const weights = tf.tidy(() => onBackend(weigh));
    const stepWeights = await weights.data().finally(() => weights.dispose()); // one a step of the recurrent layer
    const attention = Float32Array.from({ length }, (_, frame) => {
      const step = Math.floor(((before + frame) * stepWeights.length) / frames);
      return (stepWeights[step]! * stepWeights.length) / frames;
    });
    return { contributions, attention };
  };
}
