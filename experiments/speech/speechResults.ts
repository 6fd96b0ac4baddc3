// docs/results/speech.json → its type

/** Of so many clips, how many each detector has wrong. */
export interface Errors {
  readonly clips: number;
  readonly wrong: Readonly<Record<string, number>>;
}

/** What the detectors of speech make of speech and of other sounds. */
export interface SpeechResults {
  /** The library's own. */
  readonly detector: { readonly weights: number; readonly bytes: number; readonly threshold: number };
  readonly detectors: readonly string[];
  /** The most clips of a corpus that all were asked about. */
  readonly most: number;
  /** Synthetic sounds, at all levels. */
  readonly silent: ({ readonly name: string } & Errors)[];
  /** Music and effects of packages: pieces of eight seconds, and recordings as they are. */
  readonly music: ({ readonly name: string; readonly kind: 'music' | 'effects'; readonly whole?: Errors } & Errors)[];
  /** Speech; all clips of a corpus, where only the library's own was asked. */
  readonly speech: ({
    readonly name: string;
    readonly change: string;
    /** Whether the library's own has learnt from speakers of it. */
    readonly learnt: boolean;
    readonly all?: Errors;
  } & Errors)[];
  /** Singing, which is neither; `wrong` counts what is taken for speech. */
  readonly singing: ({ readonly name: string } & Errors)[];
}
