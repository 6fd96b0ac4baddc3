// labelled recordings and known corpora, without TensorFlow.js → one import

export { DatasetError } from '../core/errors.ts';

// files → sources of bytes
export type { ByteSource, SourceOptions } from './byteSource.ts';
export { type SourceInput, toSources } from './source.ts';

// sources → labelled recordings
export type { Recording } from './recording.ts';
export type { CollectOptions, OnInvalid, SkippedFile } from './collectRecordings.ts';
export type { LabelledDatasetOptions } from './labelling.ts';
export {
  type DatasetParts,
  type DropUnreadableOptions,
  LabelledDataset,
  type ReadProgress,
} from './labelledDataset.ts';
export type { Fold, FoldOptions, SpeakerDraw, Split } from './splits.ts';

// published corpora
export type { Corpus, CorpusClip, LabelFiles, LabelRow, LeftOut } from './corpora/corpus.ts';
export type { RavdessClip, RavdessCorpus } from './corpora/ravdess.ts';
export { CORPORA, type CorpusName } from './corpora.ts';
export { openCorpus } from './openCorpus.ts';
export { type OpenCorporaOptions, openCorpora } from './openCorpora.ts';
export { mergeDatasets } from './mergeDatasets.ts';

// RAVDESS
export { EMOTIONS, type Emotion } from './emotion.ts';
export {
  formatRavdessName,
  parseRavdessName,
  RAVDESS_ACTORS,
  RAVDESS_CHANNELS,
  RAVDESS_INTENSITIES,
  RAVDESS_MODALITIES,
  RAVDESS_STATEMENTS,
  type RavdessMetadata,
} from './ravdessName.ts';
export {
  type ActorDraw,
  type RavdessCriteria,
  RavdessDataset,
  type RavdessDatasetOptions,
  type RavdessRecording,
} from './ravdessDataset.ts';
export { RAVDESS_FOLDS, type RavdessProtocol } from './ravdessFolds.ts';
