// what hears speech, and what needs to know → the interface between them

/**
 * Tells speech from other sounds, stretch by stretch: the library's own, or another such as Silero's behind a few lines (see
 * docs/speech.md). It may serve several sounds at once.
 */
export interface SpeechDetector {
  /** Samples per second that it listens to, a whole number. */
  readonly sampleRate: number;
  /** Samples from one answer to the next. */
  readonly hopLength: number;
  /** Samples behind a hop that its answer depends on. @default 0 */
  readonly lookahead?: number | undefined;
  /** From which probability on a hop is speech, unless the caller says otherwise. @default 0.5 */
  readonly threshold?: number | undefined;
  /** Begins with another sound. */
  open(): SpeechDetection | Promise<SpeechDetection>;
}

/** A detector at work on one sound. */
export interface SpeechDetection {
  /**
   * Takes the samples that follow, however many.
   *
   * @returns how likely each hop is to be speech, in [0, 1], of the hops that follow those answered before: all whose samples, and
   *   `lookahead` more, have come
   */
  push(samples: Float32Array): ArrayLike<number> | Promise<ArrayLike<number>>;
  /** The answers of the hops that are left when no more samples come; the last may be shorter than a hop. */
  flush(): ArrayLike<number> | Promise<ArrayLike<number>>;
}
