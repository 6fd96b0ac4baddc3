// sound → what the rest of the library calls it

/**
 * Mono audio.
 *
 * @example
 * ```ts
 * const second: Waveform = { samples: new Float32Array(16_000), sampleRate: 16_000 };
 * ```
 */
export interface Waveform {
  /** One value a sample; full scale is [-1, 1], which float recordings may exceed. */
  readonly samples: Float32Array;
  /** Samples per second, in Hz. */
  readonly sampleRate: number;
}
