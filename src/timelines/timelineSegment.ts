// what `timeline` and `stream` give → what of it is written

/** A segment of a recording: what `EmotionClassifier.timeline` and `stream` give, or the like. */
export interface TimelineSegment {
  /** Where it begins, in seconds. */
  readonly start: number;
  /** Where it ends, in seconds. */
  readonly end: number;
  /** Its emotion; undefined where there is no speech. */
  readonly label?: string | undefined;
  /** Probability of the label. */
  readonly confidence?: number | undefined;
  /** Whether the model is sure of the label, where it says so. */
  readonly sure?: boolean | undefined;
  /** Labels with their probabilities, likeliest first: pictures show the second where the model is not sure. */
  readonly scores?:
    | readonly {
        /** The emotion. */
        readonly label: string;
        /** Its probability. */
        readonly score: number;
      }[]
    | undefined;
}

/** Segments of a recording in order, or those of each of its channels: what `channel: 'each'` gives. */
export type TimelineSegments = readonly TimelineSegment[] | readonly (readonly TimelineSegment[])[];
