// what `npm run scale` writes, and docs/scale.md, docs/reliability.md and docs/serve.md are made of

/** docs/results/scale.json: each part as it was measured last. */
export interface ScaleFile {
  readonly rates?: RatesPart;
  readonly mp3?: Mp3Part;
  /** By where the queue is; `embedded` is without one. */
  readonly faults?: { readonly [Place in QueuePlace | 'embedded']?: FaultsPart };
  readonly serve?: ServePart;
  readonly queue?: { readonly [Place in QueuePlace]?: QueuePart };
}

export type QueuePlace = 'redis' | 'postgres';

interface Measured {
  readonly commit: string;
  readonly date: string;
  readonly machine: string;
}

/** Hours of sound that are scored in an hour. */
export interface RatesPart extends Measured {
  /** Of sound, in WAV files. */
  readonly hours: number;
  /** Of `timeline`, in one process, and in two at once: what two cores of this machine are to one. */
  readonly loop: number;
  readonly twoLoops: number;
  /** Of `timeline` in one process, by the time that it computed, on whatever cores; missing where only the clock was looked at. */
  readonly loopByCore?: number | undefined;
  /** Of `score` with one thread, and with two, by the clock. */
  readonly one: number;
  readonly two: number;
  /** As `loopByCore`, of `score` with one thread. */
  readonly byCore: number;
}

export interface Mp3Part extends Measured {
  readonly hours: number;
  readonly sampleRate: number;
  readonly kilobits: number;
  /** As those of WAV files. */
  readonly loop: number;
  readonly loopByCore?: number | undefined;
  readonly one: number;
  readonly byCore: number;
}

/** What became of an archive that was scored through faults, beside the same archive scored without. */
export interface FaultsPart extends Measured {
  readonly killed: number;
  /** How many of these were at a job that they had begun; not known of an embedded queue. */
  readonly inJob?: number | undefined;
  /** Of the server. */
  readonly restarts: number;
  readonly fullDisks: number;
  /** How often `score` ended before the archive was done, and was started again. */
  readonly again: number;
  /** How often the archive was scored. */
  readonly rounds: number;
  /** Of all rounds. */
  readonly rows: RowCounts;
}

export interface RowCounts {
  readonly wanted: number;
  readonly missing: number;
  readonly twice: number;
  readonly differing: number;
  /** Rows of nothing that was wanted. */
  readonly odd: number;
}

/** A queue of recordings of which there is no sound. */
export interface QueuePart extends Measured {
  readonly jobs: number;
  readonly seconds: number;
  /** At moments as evenly spread as may be, in the order of time. */
  readonly samples: readonly QueueSample[];
}

export interface QueueSample {
  /** Jobs that had been done. */
  readonly taken: number;
  readonly waiting: number;
  /** Of the process that fills the queue and does the jobs. */
  readonly processBytes: number;
  /** Redis' `used_memory`, or the size of PostgreSQL's tables. */
  readonly serverBytes: number;
}

/** Live streams at once, as cli/bench/serve.ts has them, whose clients are on the same cores. */
export interface ServePart extends Measured {
  readonly connections: number;
  readonly seconds: number;
  readonly workers: number;
  readonly cores: number;
  /** Streams that the server ended. */
  readonly closedByServer: number;
  readonly segmentsPerSecond: number;
  /** Segments that were left out, as a stream was behind. */
  readonly segmentsDropped: number;
  readonly cpuMsPerSecondOfSound: number;
  /** Milliseconds from the last sample of a segment to its arrival. */
  readonly lagMs: {
    readonly [Half in 'firstHalf' | 'secondHalf']: Readonly<Record<'median' | 'p95' | 'most', number>>;
  };
  /** Each ten seconds, from ten seconds on. */
  readonly residentMB: readonly number[];
}
