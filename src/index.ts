// what people reach for first, in the order of the pipeline → one import
//
// Everything of a floor stands in an entry of its own: /features, /corpora, /layers, /evaluation; hosts in /node, /browser, /worker.

export {
  AudioFormatError,
  AudioInputError,
  BackendError,
  DatasetError,
  ModelFormatError,
  TrainingError,
} from './core/errors.ts';

// bytes → Waveform → [frames, bins]
export type { Waveform } from './audio/waveform.ts';
export type { Channel, ChannelUse } from './audio/channels.ts';
export type { ByteStream, EncodedSound } from './audio/encodedSound.ts';
export type { AudioInput } from './audio/soundPieces.ts';
export { type ToWaveformOptions, toWaveform } from './audio/toWaveform.ts';
export { type FeatureMatrix, toNdArray } from './features/featureMatrix.ts';
export { Stft, type StftOptions } from './features/stft.ts';
export { LogMel, type LogMelOptions } from './features/logMel.ts';
export { Mfcc, type MfccOptions } from './features/mfcc.ts';
export { FeatureExtractor, type FeatureExtractorOptions } from './features/featureExtractor.ts';
export type { FeatureOptions } from './features/featureKinds.ts';
export { type FeatureFrames, type StreamFeaturesOptions, streamFeatures } from './features/streamFeatures.ts';

// files → labelled recordings → examples
export { EMOTIONS, type Emotion } from './dataset/emotion.ts';
export type { Recording } from './dataset/recording.ts';
export { LabelledDataset } from './dataset/labelledDataset.ts';
export type { LabelledDatasetOptions } from './dataset/labelling.ts';
export { RavdessDataset, type RavdessDatasetOptions, type RavdessRecording } from './dataset/ravdessDataset.ts';
export type { ClippedCopy, LowRateCopy, ResolvedCopy, TelephoneCopy, WaveformCopy } from './exampleSet/copies.ts';
export type { Example, ExampleSet } from './exampleSet/exampleSet.ts';
export {
  examplesOf,
  mergeExamples,
  type PrepareOptions,
  type PrepareProgress,
  prepareExamples,
  selectExamples,
} from './exampleSet/examples.ts';
export type { ClipOutcome, FeatureExecutor, FeatureRun } from './exampleSet/clipFeatures.ts';
export { examplesFromBytes, examplesToBytes } from './exampleSet/exampleBytes.ts';

// options → network; network + settings ↔ artefact; features → probabilities
export { buildCnnLstm } from './model/cnnLstm.ts';
export type * from './model/cnnLstmOptions.ts';
export { type Presets, presets } from './model/presets.ts';
export type { ModelSettings, Provenance, TrainedModel } from './model/trainedModel.ts';
export { type ArtifactOptions, fromArtifact, type ModelArtifact, toArtifact } from './model/modelArtifact.ts';
export { type LoadModelOptions, loadModel, type ModelSource, saveModel } from './model/modelSource.ts';
export { type Prediction, type PredictOptions, predict, type WindowPrediction } from './model/predict.ts';

// examples + network → trained model, and how good it is
export type * from './training/augmentOptions.ts';
export type { SamplingOptions } from './training/sampling.ts';
export type * from './training/schedule.ts';
export type { CheckpointStore } from './training/checkpointStore.ts';
export type { NetworkBuilder } from './training/networkBuilder.ts';
export type * from './training/threads/trainingThreads.ts';
export type * from './training/trainOptions.ts';
export type * from './training/trainReport.ts';
export type { AdaptOptions } from './training/adaptOptions.ts';
export { adapt } from './training/adapt.ts';
export { train } from './training/train.ts';
export { type EvaluateOptions, evaluate } from './evaluation/evaluate.ts';
export type { Evaluation } from './evaluation/evaluation.ts';
export { formatEvaluation } from './evaluation/formatEvaluation.ts';
export type {
  EnsembleOptions,
  EnsembleProgress,
  MemberProgress,
  MemberTrainingConfig,
  MemberTrainingProgress,
} from './crossValidation/ensembleOptions.ts';
export { trainEnsemble } from './crossValidation/ensemble.ts';
export type { Named, NamedFold, SpeakerRule } from './exampleSet/namedFold.ts';
export type {
  Teachers,
  TrainedWeights,
  TrainingConfig,
  TrainingExecutor,
  TrainingJob,
  TrainingResult,
  TrainingRun,
} from './crossValidation/trainingJob.ts';
export type {
  CrossValidation,
  CrossValidationRun,
  FoldResult,
  MeanAndStd,
} from './crossValidation/crossValidation.ts';
export type {
  CrossValidateOptions,
  CrossValidateProgress,
  FoldProgress,
  FoldTrainingConfig,
  FoldTrainingProgress,
} from './crossValidation/crossValidateOptions.ts';
export { crossValidate } from './crossValidation/crossValidate.ts';

// audio → emotions
export type { ClassifyOptions } from './classifier/classifyWhole.ts';
export { EmotionClassifier } from './classifier/emotionClassifier.ts';
export type {
  EmotionEstimate,
  EmotionResult,
  EmotionScore,
  NoEstimate,
  NoSpeechResult,
  SpeechResult,
} from './classifier/emotionResult.ts';
export type { SoundProgress } from './classifier/soundFrames.ts';
export type { AnyChannel, EachChannel } from './classifier/hear.ts';
export type { ExplainOptions, Explanation } from './classifier/explanation.ts';
export type {
  LoadClassifierOptions,
  PersonaliseOptions,
  PersonaliseProgress,
  SpeakerClip,
} from './classifier/enrolment.ts';
export type { EmotionSegment, TimelineOptions, TimelineProgress } from './classifier/timeline.ts';
export type { SilentSegment, SpeechSegment, StreamSegment } from './classifier/stream.ts';
export type { StreamOptions } from './classifier/streamOptions.ts';
export type { VoiceActivityOptions } from './classifier/voiceActivityOptions.ts';
export type { SpeechDetection, SpeechDetector } from './speech/speechDetector.ts';
export type { SmoothingOptions } from './classifier/smoothing.ts';
export {
  type EmotionChange,
  EmotionMonitor,
  type EmotionMonitorOptions,
  type EmotionRule,
  type EmotionShare,
  type EmotionSpan,
  type EmotionSummary,
} from './classifier/emotionMonitor.ts';
