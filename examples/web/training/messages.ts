// requests of the page to the training worker, and its replies

import type { EpochRecord, TrainProgress } from 'speech-emotion';
import type { ConfusionMatrix } from 'speech-emotion/evaluation';
import type { BackendName } from '../engine/availability.ts';

/** How speakers of your own recordings are known: by the file's name up to `_`, by the folder above the label's, or not at all. */
export type SpeakerRule = 'name' | 'folder' | 'none';

/** A chosen file, and its path in the chosen folder, which not every browser keeps on the way into a worker. */
export interface ChosenFile {
  readonly file: File;
  readonly path: string;
}

/** Recordings to train on. */
export interface Corpus {
  readonly kind: 'ravdess' | 'labelled';
  readonly recordings: number;
  /** Number of recordings of each label. */
  readonly labels: readonly (readonly [label: string, recordings: number])[];
  /** Number of recordings of each speaker; empty if speakers are unknown. */
  readonly speakers: readonly (readonly [speaker: string, recordings: number])[];
  /** Number of recordings without a speaker in their name. */
  readonly withoutSpeaker: number;
  /** Files that were left out, and why. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/** Everything but the recordings that a training's result follows from. */
export interface TrainingSettings {
  /** Name of the model and of the run. */
  readonly name: string;
  readonly speakersBy: SpeakerRule;
  /** Speakers that are used; empty for all. */
  readonly speakers: readonly string[];
  /** Speakers that are held out; empty if speakers are unknown, when recordings are held out instead. */
  readonly heldOut: readonly string[];
  /** Quick to train, or as large as the small model of the package, and trained like it. */
  readonly size: 'small' | 'pretrained';
  readonly epochs: number;
  readonly batchSize: number;
}

/** Scores on the held-out clips. */
export interface Score {
  readonly uar: number;
  /** Of the UAR, for other speakers. */
  readonly interval: { readonly low: number; readonly high: number };
  readonly war: number;
  readonly confusion: ConfusionMatrix;
  /** Of each label, null where it has no clips. */
  readonly recalls: readonly (number | null)[];
  readonly labels: readonly string[];
}

/** The result of a training. */
export interface Outcome {
  readonly score: Score;
  readonly bestEpoch: number;
  readonly history: readonly EpochRecord[];
}

/** Both models on the same clips; instead of the shipped one's score, the reason why it has none. */
export interface Comparison {
  readonly trained: Score;
  readonly shipped: Score | { readonly reason: string };
  readonly clips: number;
  /** What the shipped model has learnt from, where these clips are among it. */
  readonly heard: string | undefined;
}

/** What is to be told apart, and what it sounds like. */
export interface Lesson {
  readonly label: string;
  readonly samples: readonly Blob[];
}

/** What is taught of a model: its last layer, in seconds, or all of them. */
export type TaughtLayers = 'head' | 'all';

/** A sample that the model did not learn from, and what it took it for. */
export interface HeldOutSample {
  readonly label: string;
  readonly heard: string;
}

/** What became of the lessons. */
export interface Taught {
  /** In the order of the lessons. */
  readonly heldOut: readonly HeldOutSample[];
  /** Samples that it learnt from. */
  readonly learntFrom: number;
  /** Why samples were left out. */
  readonly leftOut: readonly string[];
}

/** Calls of the worker: parameters → answer. */
export interface Calls {
  open(files: readonly ChosenFile[], speakersBy: SpeakerRule): Corpus;
  train(settings: TrainingSettings, backend: BackendName): Outcome;
  save(name: string): void;
  /** The trained model as one archive, stored or not. */
  packTrained(): Blob;
  compare(): Comparison;
  /** Teaches the shipped model the lessons, and stores what comes of it in this browser. */
  teach(lessons: readonly Lesson[], how: { name: string; layers: TaughtLayers }, backend: BackendName): Taught;
  /** A stored model as one archive with `model.json` and `weights.bin`. */
  pack(name: string, backend: BackendName): Blob;
  /** Reads a model from files as {@link Calls.pack} or `saveModel` write them, and stores it in this browser: its labels. */
  keep(files: readonly File[], name: string, backend: BackendName): readonly string[];
}

/** Who answers some of the calls. */
export type Answers<K extends keyof Calls> = {
  [Each in K]: (...parameters: Parameters<Calls[Each]>) => Promise<ReturnType<Calls[Each]>>;
};

/** A request. The call that `stop` ends answers it. */
export type Request =
  | {
      [K in keyof Calls]: { readonly call: K; readonly parameters: Parameters<Calls[K]>; readonly id: number };
    }[keyof Calls]
  | { readonly call: 'stop' };

/** The progress of the work. */
export type Progress =
  /** The samples have been read, and the model learns from them. */
  | { readonly type: 'learning' }
  | { readonly type: 'backend'; readonly words: string }
  | { readonly type: 'features'; readonly done: number; readonly total: number }
  | { readonly type: 'clips'; readonly trained: number; readonly heldOut: number; readonly labels: readonly string[] }
  | Exclude<TrainProgress, { type: 'epoch' }>
  | {
      readonly type: 'epoch';
      readonly epoch: number;
      readonly epochs: number;
      readonly record: EpochRecord;
      readonly best: boolean;
      readonly confusion: ConfusionMatrix;
    }
  /** A fault that does not end the work. */
  | { readonly type: 'warning'; readonly words: string };

/** A message of the worker. */
export type Reply =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly words: string; readonly stopped: boolean };
