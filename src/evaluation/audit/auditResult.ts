// what an audit found → its types: plain JSON

import type { Provenance } from '../../model/trainedModel.ts';
import type { ProbabilityScores } from '../evaluation.ts';
import type { Interval } from '../interval.ts';
import type { ConfusionMatrix } from '../labelledPrediction.ts';
import type { CoveragePoint } from '../sureThreshold.ts';

/** What `audit` found of a model: plain JSON, in a format with a version. */
export interface AuditResult {
  /** What this is. */
  readonly format: 'speech-emotion audit';
  /** Of the format; raised when what is there already changes its meaning. */
  readonly version: 1;
  /** Library and version that made it, e.g. `speech-emotion 0.1.0`. */
  readonly library: string;
  /** The model. */
  readonly model: {
    /** Its labels, in the order of all lists by label. */
    readonly labels: readonly string[];
    /** What it was trained on, as its settings say. */
    readonly trainedOn: Provenance['data'];
    /** Its calibration. */
    readonly calibration: {
      /** Probabilities are raised to 1 / temperature. */
      readonly temperature: number;
      /** From which confidence on it is sure. */
      readonly sureAbove?: number | undefined;
    };
  };
  /** The clips. */
  readonly data: {
    /** How many were judged. */
    readonly clips: number;
    /** Of how many speakers; a clip of unknown speaker counts as one. */
    readonly speakers: number;
    /** By corpus, `''` where it is not known. */
    readonly corpora: Readonly<Record<string, AuditedCorpus>>;
    /** Clips that were left out since the model does not have their label, by label. */
    readonly leftOut: Readonly<Record<string, number>>;
  };
  /** How intervals were made. */
  readonly bootstrap: {
    /** How often speakers were drawn. */
    readonly resamples: number;
    /** Confidence level, e.g. 0.95. */
    readonly level: number;
    /** Seed of the draws. */
    readonly seed: number;
  };
  /** What noises and babble were drawn with. */
  readonly seed: number;
  /** All labels of the model compete, as in use. */
  readonly open: AuditView;
  /** Among the labels that each clip's corpus asked for; null where that is all labels for every clip. */
  readonly restricted: AuditView | null;
  /** What becomes of the answers when the sound is changed, by dose; null where the data are features. */
  readonly robustness: readonly DoseResult[] | null;
  /** Whether speech is told from other sounds; null where nothing was given that does. */
  readonly speech: SpeechAudit | null;
}

/** What was judged of a corpus. */
export interface AuditedCorpus {
  /** How many clips. */
  readonly clips: number;
  /** The labels that it asked for, those of the model. */
  readonly asked: readonly string[];
}

/** Predictions judged, with all labels or with those asked for. */
export interface AuditView {
  /** Unweighted average recall, over the labels that occur. */
  readonly uar: number;
  /** Its interval: bootstrap over speakers. */
  readonly uarInterval: Interval;
  /** Weighted average recall (accuracy). */
  readonly war: number;
  /** Macro-averaged F1. */
  readonly macroF1: number;
  /** `confusion[truth][predicted]`, clips. */
  readonly confusion: ConfusionMatrix;
  /** The recall of each label, null where it has no clips. */
  readonly recalls: readonly (number | null)[];
  /** How good the calibrated probabilities are. */
  readonly calibration: ProbabilityScores & {
    /** Clips by the probability of the label predicted, in bins of equal width; those without clips are left out. */
    readonly bins: readonly ReliabilityBin[];
  };
  /** The risk-coverage curve, at most about a hundred points of it. */
  readonly riskCoverage: readonly CoveragePoint[];
  /** The clips that the model is sure of; null where its settings do not say from when on it is. */
  readonly sure: {
    /** Their share of all. */
    readonly coverage: number;
    /** The share of them that was recognised, null where there are none. */
    readonly accuracy: number | null;
  } | null;
  /** By group and value, e.g. `groups.sex.female.uar`; `speaker` and `corpus` among the groups. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, AuditGroup>>>>;
  /** By group: how far apart the best and the worst value are. */
  readonly gaps: Readonly<Record<string, AuditGap>>;
}

/** Clips whose predicted label has a probability p with `from` < p ≤ `to`. */
export interface ReliabilityBin {
  /** Lower end. */
  readonly from: number;
  /** Upper end. */
  readonly to: number;
  /** How many. */
  readonly clips: number;
  /** Their mean probability. */
  readonly confidence: number;
  /** The share of them that was recognised: the same as `confidence` of a calibrated model. */
  readonly accuracy: number;
}

/** The result on the clips of one value of a group. */
export interface AuditGroup {
  /** How many clips. */
  readonly clips: number;
  /** Of how many speakers: of one, the interval is a point. */
  readonly speakers: number;
  /** Unweighted average recall, over the labels that occur in the group. */
  readonly uar: number;
  /** Its interval: bootstrap over speakers. */
  readonly uarInterval: Interval;
  /** Weighted average recall (accuracy). */
  readonly war: number;
  /** Expected calibration error over 15 bins; of few clips it is too high. */
  readonly ece: number;
  /** The recall of each label, null where it has no clips. */
  readonly recalls: readonly (number | null)[];
}

/** How far apart the values of a group are. */
export interface AuditGap {
  /** The value with the highest UAR. */
  readonly best: string;
  /** The one with the lowest. */
  readonly worst: string;
  /** UAR of the best minus that of the worst. */
  readonly difference: number;
  /** Of the difference between these two: bootstrap over speakers, drawn among those who have the same values. */
  readonly interval: Interval;
}

/** What became of the answers under a dose of a change of sound. */
export interface DoseResult {
  /** What was changed, e.g. `babble`. */
  readonly name: string;
  /** How much, e.g. `10 dB`. */
  readonly dose: string;
  /** Among all labels. */
  readonly open: DoseFigures;
  /** Among the labels asked for; null as {@link AuditResult.restricted}. */
  readonly restricted: DoseFigures | null;
}

/** The answers on changed sound, and how they differ from those on the same clips as they are. */
export interface DoseFigures {
  /** Unweighted average recall on the changed clips. */
  readonly uar: number;
  /** That, minus the one on the clips as they are: below 0 for a loss. */
  readonly change: number;
  /** Its interval: bootstrap over speakers, who are drawn with both answers to each of their clips. */
  readonly changeInterval: Interval;
  /** Share of the clips whose label stays. */
  readonly unchanged: number;
  /** Mean over clips of half of the sum of the probabilities' absolute changes, in [0, 1]. */
  readonly shift: number;
  /** Mean change of the probability of each label: where the answers drift to. */
  readonly drift: readonly number[];
}

/** Whether speech is told from other sounds. */
export interface SpeechAudit {
  /** Synthetic sounds that are no speech, by kind. */
  readonly nonSpeech: Readonly<Record<string, NonSpeechKind>>;
  /** Share of all of them that were taken for speech, and so got an emotion. */
  readonly nonSpeechTaken: number;
  /** Share of the clips that were not taken for speech, and so got none. */
  readonly speechMissed: number;
}

/** Sounds of one kind. */
export interface NonSpeechKind {
  /** How many. */
  readonly sounds: number;
  /** How many were taken for speech. */
  readonly taken: number;
}
