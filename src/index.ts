// every part of the library, in the order of the pipeline → one import

export {
  AudioFormatError,
  AudioInputError,
  BackendError,
  DatasetError,
  ModelFormatError,
  TrainingError,
} from './core/errors.ts';
export { RandomStream } from './core/random.ts';

// bytes → Waveform
export type { Waveform } from './audio/waveform.ts';
export { type AudioInput, type ToWaveformOptions, toWaveform } from './audio/toWaveform.ts';
export { type DecodeOptions, decodeAudio } from './audio/decode.ts';
export { type ResampleOptions, resample } from './audio/resample.ts';
export { type TrimOptions, trimSilence } from './audio/trim.ts';

// Waveform → [frames, bins]
export { type FeatureMatrix, toNdArray } from './features/featureMatrix.ts';
export type { Resolved } from './core/check.ts';
export { makeWindow, type WindowName } from './features/window.ts';
export type { FrameOptions, FramePadding, Scaling } from './features/frameSpectra.ts';
export { Stft, type StftOptions } from './features/stft.ts';
export type { DecibelOptions } from './features/decibel.ts';
export { LogStft, type LogStftOptions } from './features/logStft.ts';
export { hzToMel, type MelBand, type MelOptions, type MelScale, melFilterBank, melToHz } from './features/mel.ts';
export { LogMel, type LogMelOptions } from './features/logMel.ts';
export { Mfcc, type MfccOptions } from './features/mfcc.ts';
export { type DeltasOptions, deltas } from './features/deltas.ts';
export { Normalizer, type NormalizerFitOptions, type NormalizerJson } from './features/normalizer.ts';
export {
  type ExtractOptions,
  FeatureExtractor,
  type FeatureExtractorOptions,
  type FeatureOptions,
  type ResolvedFeatureExtractorOptions,
  type ResolvedFeatureOptions,
} from './features/featureExtractor.ts';
export { type FeatureFrames, type StreamFeaturesOptions, streamFeatures } from './features/streamFeatures.ts';

// files → labelled recordings
export { EMOTIONS, type Emotion } from './dataset/emotion.ts';
export {
  formatRavdessName,
  parseRavdessName,
  RAVDESS_ACTORS,
  RAVDESS_CHANNELS,
  RAVDESS_INTENSITIES,
  RAVDESS_MODALITIES,
  RAVDESS_STATEMENTS,
  type RavdessMetadata,
} from './dataset/ravdessName.ts';
export { type SourceInput, toSources } from './dataset/source.ts';
export type { ByteSource, SourceOptions } from './dataset/byteSource.ts';
export type { Recording } from './dataset/recording.ts';
export type { CollectOptions as IntakeOptions, OnInvalid, SkippedFile } from './dataset/collectRecordings.ts';
export type { Fold, FoldOptions, SpeakerDraw, Split } from './dataset/splits.ts';
export {
  type DatasetParts,
  type DropUnreadableOptions,
  LabelledDataset,
  type ReadProgress,
} from './dataset/labelledDataset.ts';
export type { LabelledDatasetOptions } from './dataset/labelling.ts';
export {
  type ActorDraw,
  type RavdessCriteria,
  RavdessDataset,
  type RavdessDatasetOptions,
  type RavdessRecording,
} from './dataset/ravdessDataset.ts';
export { RAVDESS_FOLDS, type RavdessProtocol } from './dataset/ravdessFolds.ts';

// operations → layers
export type { Padding, Strides } from './kernels/padding.ts';
export { BaseLayer, type LayerOptions, type SeededLayerOptions } from './layers/layer.ts';
export { Deltas, type DeltasLayerOptions } from './layers/deltas.ts';
export { Conv2d, type Conv2dOptions } from './layers/conv2d.ts';
export { BatchNorm, type BatchNormOptions } from './layers/batchNorm.ts';
export { MaxPool2d, type MaxPool2dOptions } from './layers/maxPool2d.ts';
export type { CallOptions } from './layers/frameMask.ts';
export type {
  Direction,
  GatedLayerOptions,
  RecurrentLayerOptions,
  ResolvedGatedLayerOptions,
  ResolvedRecurrentLayerOptions,
  ResolvedUngatedLayerOptions,
  UngatedLayerOptions,
} from './layers/recurrentOptions.ts';
export { type CellInputs, type InitialWeight as FirstWeight, RecurrentLayer } from './layers/recurrentLayer.ts';
export { Lstm, type LstmOptions } from './layers/lstm.ts';
export { Gru, type GruOptions } from './layers/gru.ts';
export type { StateActivation } from './kernels/recurrent/activation.ts';
export type { SequenceInputs } from './kernels/recurrent/sequence.ts';
export { Elman, type ElmanOptions } from './layers/elman.ts';
export { IndRnn, type IndRnnOptions } from './layers/indRnn.ts';
export { SecondOrder, type SecondOrderOptions } from './layers/secondOrder.ts';
export { MultiplicativeLstm, MultiplicativeRnn, type MultiplicativeRnnOptions } from './layers/multiplicative.ts';
export { type ConstrainedLayer, type ConstrainedWeight, constrainWeights } from './layers/constraints.ts';
export {
  AttentionPooling,
  FinalFrame,
  type FinalFrameOptions,
  MaxPooling,
  MeanPooling,
  StatisticsPooling,
} from './layers/pooling.ts';
export {
  type LabelReading,
  labelLogLikelihoods,
  UncertainFrames,
  type UncertainFramesOptions,
} from './layers/uncertainFrames.ts';
export { FullyConnected, type FullyConnectedOptions, type Sums } from './layers/fullyConnected.ts';
export { Dense, type DenseOptions } from './layers/dense.ts';
export { Maxout, type MaxoutOptions } from './layers/maxout.ts';
export { DropConnect, type DropConnectOptions } from './layers/dropConnect.ts';
export { Dropout, type DropoutOptions } from './layers/dropout.ts';
export { type StochasticLayer, setTrainingStep } from './layers/trainingStep.ts';

// options → network; network + settings ↔ artefact; features → probabilities
export { buildCnnLstm } from './model/cnnLstm.ts';
export type * from './model/cnnLstmOptions.ts';
export { type Presets, presets } from './model/presets.ts';
export type { ModelSettings, Provenance, TrainedModel } from './model/trainedModel.ts';
export { type ArtifactOptions, fromArtifact, type ModelArtifact, toArtifact } from './model/modelArtifact.ts';
export { type LoadModelOptions, loadModel, type ModelSource, saveModel } from './model/modelSource.ts';
export { type Prediction, type PredictOptions, predict, type WindowPrediction } from './model/predict.ts';

// recordings + network → trained model, and how good it is
export {
  examplesOf,
  mergeExamples,
  type PrepareOptions,
  type PrepareProgress,
  prepareExamples,
  selectExamples,
} from './exampleSet/examples.ts';
export type { Example, ExampleSet } from './exampleSet/exampleSet.ts';
export type { ClipOutcome, FeatureExecutor, FeatureRun } from './exampleSet/clipFeatures.ts';
export { examplesFromBytes, examplesToBytes } from './exampleSet/exampleBytes.ts';
export { permuteLabels } from './exampleSet/permuteLabels.ts';
export type * from './training/augmentOptions.ts';
export type * from './training/schedule.ts';
export type { CheckpointStore } from './training/checkpointStore.ts';
export type { NetworkBuilder } from './training/buildNetwork.ts';
export type * from './training/trainOptions.ts';
export type * from './training/trainReport.ts';
export { crossEntropy } from './training/losses.ts';
export { train } from './training/train.ts';
export { averagePredictions, predictExamples } from './evaluation/labelledPredictions.ts';
export {
  argMax,
  brierScore,
  confusionMatrix,
  expectedCalibrationError,
  macroF1,
  negativeLogLikelihood,
  recalls,
  sumConfusions,
  unweightedAverageRecall,
  weightedAverageRecall,
} from './evaluation/metrics.ts';
export type { ConfusionMatrix, LabelledPrediction } from './evaluation/labelledPrediction.ts';
export { type BootstrapOptions, type Interval, speakerBootstrap } from './evaluation/speakerBootstrap.ts';
export { calibrate, fitTemperature } from './evaluation/calibrate.ts';
export {
  type EvaluatedClip,
  type Evaluation,
  type GroupScores,
  type ModelPredictions,
  type ProbabilityScores,
  summarise,
} from './evaluation/evaluation.ts';
export { type EvaluateOptions, evaluate } from './evaluation/evaluate.ts';
export { formatEvaluation } from './evaluation/formatEvaluation.ts';
export {
  type EnsembleOptions,
  type EnsembleProgress,
  type MemberProgress,
  type MemberTrainingConfig as MemberRecipe,
  type MemberTrainingProgress,
  trainEnsemble,
} from './crossValidation/ensemble.ts';
export type { Named, NamedFold, SpeakerRule } from './crossValidation/resolveFolds.ts';
export type {
  TrainingConfig as JobRecipe,
  Teachers,
  TrainedWeights,
  TrainingExecutor,
  TrainingJob,
  TrainingResult,
  TrainingRun,
} from './crossValidation/trainingJob.ts';
export type {
  CrossValidation,
  CrossValidationRun,
  FoldResult,
  MeanAndStd as MeanAndDeviation,
} from './crossValidation/crossValidation.ts';
export {
  type CrossValidateOptions,
  type CrossValidateProgress,
  crossValidate,
  type FoldProgress,
  type FoldTrainingProgress,
  type FoldTrainingConfig as Recipe,
} from './crossValidation/crossValidate.ts';

// audio → emotions
export { type ClassifyOptions, EmotionClassifier } from './classifier/emotionClassifier.ts';
export type { EmotionResult, EmotionScore } from './classifier/emotionResult.ts';
export type { ExplainOptions, Explanation } from './classifier/explanation.ts';
export type { EmotionSegment, TimelineOptions, TimelineProgress } from './classifier/timeline.ts';
export type { SilentSegment, SpeechSegment, StreamSegment } from './classifier/stream.ts';
export type { StreamOptions } from './classifier/streamOptions.ts';
export type { VoiceActivityOptions as SpeechGateOptions } from './classifier/voiceActivity.ts';
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
