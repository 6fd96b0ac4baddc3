// clips by name → splits of them, and whether speakers may be on both sides: their types

/** Anything with the name of a clip: a recording, an example. */
export interface Named {
  /** As in {@link ExampleSet}. */
  readonly name: string;
}

/** One split of a set, by the names of its clips: a fold of a dataset will do. */
export interface NamedFold {
  /** Unique within its protocol, e.g. `actors5/0`. */
  readonly name: string;
  /** What is trained on. */
  readonly train: Iterable<Named>;
  /** What is reported on. */
  readonly test: Iterable<Named>;
}

/** Whether the speakers that a fold tests may be among those that it trains on. */
export type SpeakerRule = 'independent' | 'dependent';
