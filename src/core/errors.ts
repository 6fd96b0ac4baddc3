// what went wrong → an error class that callers can catch

/** Encoded audio that cannot be decoded; the message says what was found and what is supported. */
export class AudioFormatError extends Error {
  /** The class's name, as `Error` prints it. */
  override readonly name = 'AudioFormatError';
  /** Stable across versions, for callers that cannot use `instanceof`. */
  readonly code = 'AUDIO_FORMAT';
  /** The file at fault, where its name is known; undefined where bytes were given. */
  readonly file: string | undefined;

  constructor(message: string, options?: ErrorOptions & { file?: string | undefined }) {
    super(message, options);
    this.file = options?.file;
  }
}

/** A recording, archive or folder of recordings that is not what it should be; names the file. */
export class DatasetError extends Error {
  /** The class's name, as `Error` prints it. */
  override readonly name = 'DatasetError';
  /** Stable across versions, for callers that cannot use `instanceof`. */
  readonly code = 'DATASET';
  /** The file at fault, as it was named by its source; undefined where no single file is. */
  readonly file: string | undefined;

  constructor(message: string, options?: ErrorOptions & { file?: string | undefined }) {
    super(message, options);
    this.file = options?.file;
  }
}

/** A model artefact that is damaged, foreign, or written by a newer version of this library. */
export class ModelFormatError extends Error {
  /** The class's name, as `Error` prints it. */
  override readonly name = 'ModelFormatError';
  /** Stable across versions, for callers that cannot use `instanceof`. */
  readonly code = 'MODEL_FORMAT';
}

/** Training that cannot go on: a loss that is not finite, or a checkpoint of another run. */
export class TrainingError extends Error {
  /** The class's name, as `Error` prints it. */
  override readonly name = 'TrainingError';
  /** Stable across versions, for callers that cannot use `instanceof`. */
  readonly code = 'TRAINING';
}

/** A microphone or another live input that cannot be opened. */
export class AudioInputError extends Error {
  /** The class's name, as `Error` prints it. */
  override readonly name = 'AudioInputError';
  /** Stable across versions, for callers that cannot use `instanceof`. */
  readonly code = 'AUDIO_INPUT';
  /** Why: permission denied, no such device, in use elsewhere, or not to be had on this page. */
  readonly reason: 'denied' | 'missing' | 'busy' | 'unavailable';

  constructor(message: string, options: ErrorOptions & { reason: AudioInputError['reason'] }) {
    super(message, options);
    this.reason = options.reason;
  }
}

/** A TensorFlow.js backend that cannot go on: its memory is full, or it has fallen over and its tensors are lost. */
export class BackendError extends Error {
  /** The class's name, as `Error` prints it. */
  override readonly name = 'BackendError';
  /** Stable across versions, for callers that cannot use `instanceof`. */
  readonly code = 'BACKEND';
}
