// sound and features, without TensorFlow.js → one import

export type { Resolved } from '../core/check.ts';
export { AudioFormatError } from '../core/errors.ts';

// bytes → Waveform
export type { Waveform } from '../audio/waveform.ts';
export type { Channel, ChannelUse } from '../audio/channels.ts';
export type { ByteStream, EncodedSound } from '../audio/encodedSound.ts';
export type { AudioInput } from '../audio/soundPieces.ts';
export { type ToWaveformOptions, toWaveform } from '../audio/toWaveform.ts';
export { type DecodeOptions, decodeAudio } from '../audio/decode.ts';
export { registerDecoder } from '../audio/decoders.ts';
export type { AudioDecoder, AudioPiece, AudioPieces } from '../audio/audioDecoder.ts';
export { type ResampleOptions, resample } from '../audio/resample.ts';
export { type ResolvedTrimOptions, type TrimOptions, trimSilence } from '../audio/trim.ts';

// Waveform → [frames, bins]
export { type FeatureMatrix, toNdArray } from './featureMatrix.ts';
export { makeWindow, type WindowName } from './window.ts';
export type { FrameOptions, FramePadding, Scaling } from './frameSpectra.ts';
export { Stft, type StftOptions } from './stft.ts';
export type { DecibelOptions } from './decibel.ts';
export { LogStft, type LogStftOptions } from './logStft.ts';
export { hzToMel, type MelBand, type MelOptions, type MelScale, melFilterBank, melToHz } from './mel.ts';
export { LogMel, type LogMelOptions } from './logMel.ts';
export { Mfcc, type MfccOptions } from './mfcc.ts';
export { type DeltasOptions, deltas } from './deltas.ts';
export { Normalizer, type NormalizerFitOptions, type NormalizerJson } from './normalizer.ts';
export {
  type ExtractOptions,
  FeatureExtractor,
  type FeatureExtractorOptions,
  type ResolvedFeatureExtractorOptions,
} from './featureExtractor.ts';
export {
  type FeatureKinds,
  type FeatureOptions,
  type Features,
  type FeaturesClass,
  type ResolvedFeatureOptions,
  registerFeatures,
} from './featureKinds.ts';
export { type FeatureFrames, type StreamFeaturesOptions, streamFeatures } from './streamFeatures.ts';
