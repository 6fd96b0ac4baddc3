// a training in a queue → its type: a hash, as everything else is in the store

/** The queue's name on the server. */
export const NAME = 'speech-emotion-trainings';

/** How often a training is tried, where neither its data nor its options are at fault. */
export const TRIES = 3;

/** A training in the queue. */
export interface QueuedTraining {
  /** Its hash in the store, which is the job's id, too. */
  readonly training: string;
  /** Whether whoever asked for it has left while it was trained. */
  readonly isUnwanted?: boolean | undefined;
}
