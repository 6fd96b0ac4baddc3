// what a host gives for a training in threads → its types

/** Threads that take the steps of a training together: `trainingThreads` of `speech-emotion/node` or `speech-emotion/browser` makes them. */
export interface TrainingThreads {
  /** How many. */
  readonly count: number;
  /** Starts one of them. */
  readonly start: () => TrainingThread;
}

/** A thread that a training has started, and ends. */
export interface TrainingThread {
  /**
   * Sends a message, and gives its answer.
   *
   * @throws what went wrong there, or an error that says so where the thread has ended
   */
  readonly ask: (message: unknown) => Promise<unknown>;
  /** Ends the thread, whatever it is doing. */
  readonly terminate: () => Promise<void>;
}
