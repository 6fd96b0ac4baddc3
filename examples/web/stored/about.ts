// what is stored of the results: written by makeAbout.ts, read by the About view

/** A share, and between which shares it lies for other speakers, as far as that is known. */
interface Figure {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** What was measured of a model's configuration by cross-validation. */
export interface Accuracy {
  /** How, in words. */
  readonly description: string;
  readonly clips: number;
  readonly seeds: number;
  /** Mean recall of the labels. */
  readonly uar: Figure;
  /** Share of the clips that are recognised. */
  readonly war: number;
  readonly recalls: readonly { readonly label: string; readonly score: number }[];
  /** Mean recall by group, where the data names it. */
  readonly women: number | undefined;
  readonly men: number | undefined;
  /** By how much a certainty is off from how often it is right, on average. */
  readonly calibrationError: number;
}

/** What the About view says, beside what holds of every model. */
export interface About {
  readonly model: {
    readonly name: string | undefined;
    readonly recordings: number;
    readonly speakers: number;
    readonly licence: string | undefined;
    readonly citation: string | undefined;
    readonly library: string;
    /** Day on which training ended. */
    readonly date: string;
  };
  /** Undefined where the shipped configuration has no results on record. */
  readonly accuracy: Accuracy | undefined;
  /** The same clips made worse: mean recall, and its difference. */
  readonly worse: readonly { readonly description: string; readonly uar: number; readonly change: number }[];
  /** Mean recall with nothing known of a voice, and with what was learnt from some clips of it. */
  readonly ownVoice: readonly { readonly description: string; readonly uar: number }[];
}
