// what the page asks of the training worker, and what it is told

import type { EpochRecord, TrainProgress } from 'speech-emotion';
import type { ConfusionMatrix } from 'speech-emotion/evaluation';
import type { BackendName } from '../engine/availability.ts';

/** How the speakers of one's own recordings are known: by the file's name up to `_`, by the folder above the label's, or not. */
export type SpeakerRule = 'name' | 'folder' | 'none';

/** A chosen file, and its path in the chosen folder, which not every browser keeps on the way into a worker. */
export interface ChosenFile {
  readonly file: File;
  readonly path: string;
}

/** What there is to train on. */
export interface Corpus {
  readonly kind: 'ravdess' | 'labelled';
  readonly recordings: number;
  /** How many recordings of each label. */
  readonly labels: readonly (readonly [label: string, recordings: number])[];
  /** How many recordings of each speaker; empty where speakers are not told apart. */
  readonly speakers: readonly (readonly [speaker: string, recordings: number])[];
  /** Recordings whose name says no speaker. */
  readonly withoutSpeaker: number;
  /** Files that were left out, and why. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/** A training as it is asked for: all that decides its result beside the recordings. */
export interface TrainingSettings {
  /** What the model is to be called, and the run. */
  readonly name: string;
  readonly speakersBy: SpeakerRule;
  /** Whose recordings are used; empty for everybody's. */
  readonly speakers: readonly string[];
  /** Who is not trained on. Where speakers are not told apart: nobody, and recordings are held out instead. */
  readonly heldOut: readonly string[];
  /** Quick to train, or as large as the small model of the package, and trained like it. */
  readonly size: 'small' | 'pretrained';
  readonly epochs: number;
  readonly batchSize: number;
}

/** How well something does on what was held out. */
export interface Score {
  readonly uar: number;
  /** Where the UAR would lie with other speakers. */
  readonly interval: { readonly low: number; readonly high: number };
  readonly war: number;
  readonly confusion: ConfusionMatrix;
  readonly labels: readonly string[];
}

/** What came of a training. */
export interface Outcome {
  readonly score: Score;
  readonly bestEpoch: number;
  readonly history: readonly EpochRecord[];
}

/** Both models on the same clips; in place of the shipped one's score, why it has none. */
export interface Comparison {
  readonly trained: Score;
  readonly shipped: Score | { readonly reason: string };
  readonly clips: number;
}

/** What the worker can be asked: parameters → answer. */
export interface Calls {
  open(files: readonly ChosenFile[], speakersBy: SpeakerRule): Corpus;
  train(settings: TrainingSettings, backend: BackendName): Outcome;
  save(name: string): void;
  /** One archive with `model.json` and `weights.bin`. */
  pack(): Blob;
  /** Takes a model from files as {@link Calls.pack} or `saveModel` write them, and keeps it in this browser. */
  keep(files: readonly File[], name: string, backend: BackendName): void;
  compare(): Comparison;
}

/** What is asked. `stop` is answered by the end of what it stops. */
export type Request =
  | {
      [K in keyof Calls]: { readonly call: K; readonly parameters: Parameters<Calls[K]>; readonly id: number };
    }[keyof Calls]
  | { readonly call: 'stop' };

/** How far the work is. */
export type Progress =
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
  /** Nothing that ends the work, but something to know. */
  | { readonly type: 'warning'; readonly words: string };

/** What the worker says. */
export type Reply =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly words: string; readonly stopped: boolean };
