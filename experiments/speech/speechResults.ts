// docs/results/speech.json → its type

/** Of so many clips, how many a detector has wrong. */
interface Count {
  readonly clips: number;
  readonly wrong: number;
}

/** What each detector has wrong, by its name; slow ones are asked about fewer clips. */
export type Errors = Readonly<Record<string, Count>>;

/** What the detectors of speech make of speech and of other sounds. */
export interface SpeechResults {
  /** The library's own. */
  readonly detector: { readonly weights: number; readonly bytes: number; readonly threshold: number };
  /** The share of the time of `classify` that it adds, of a clip of so many seconds, on the wasm backend. */
  readonly cost: { readonly seconds: number; readonly share: number };
  readonly detectors: readonly string[];
  /** Synthetic sounds, at all levels. */
  readonly silent: { readonly name: string; readonly errors: Errors }[];
  /** Music and effects of packages: pieces of eight seconds, and recordings as they are. */
  readonly music: {
    readonly name: string;
    readonly kind: 'music' | 'effects';
    readonly errors: Errors;
    readonly whole?: Errors | undefined;
  }[];
  /** Speech. */
  readonly speech: {
    readonly name: string;
    readonly change: string;
    /** Whether the library's own has learnt from speakers of it. */
    readonly learnt: boolean;
    readonly errors: Errors;
  }[];
  /** Singing, which is neither; `wrong` counts what is taken for speech. */
  readonly singing: { readonly name: string; readonly errors: Errors }[];
}
