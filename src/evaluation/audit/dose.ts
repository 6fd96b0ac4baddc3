// a change of sound by some measure → its type, and the names of those there are

import type { Waveform } from '../../audio/waveform.ts';
import type { RandomStream } from '../../core/random.ts';

/** A change of sound, by some measure: what `audit` asks a model about. */
export interface AuditDose {
  /** What is changed, e.g. `opus`. */
  readonly name: string;
  /** How much, e.g. `16 kbit/s`. */
  readonly dose: string;
  /**
   * Gives the changed clip.
   *
   * @param waveform at the sampling rate of the model, silence at its ends included; it must not be changed
   */
  apply(waveform: Waveform, clip: DosedClip): Waveform | Promise<Waveform>;
}

/** What is known of a clip beside its sound. */
export interface DosedClip {
  /** Its name. */
  readonly name: string;
  /** Random numbers that follow from the seed, the name of the change and that of the clip: the same for all doses. */
  readonly random: RandomStream;
  /** Some other clips, at the same rate, of other speakers where there are any: what babble is made of. */
  readonly voices: readonly Waveform[];
  /** From one frame of the model's features to the next. */
  readonly frameSeconds: number;
  /** The part of the clip between the silence at its ends, in samples. */
  readonly speech: {
    /** Its first sample. */
    readonly from: number;
    /** One past its last. */
    readonly to: number;
  };
}

/** The changes that the library can make, each in some doses. */
export const AUDIT_CHANGES = [
  'telephone',
  'room',
  'babble',
  'whiteNoise',
  'pinkNoise',
  'gain',
  'clipped',
  'crop',
  'shift',
  'lowRate',
] as const;

/** One of {@link AUDIT_CHANGES}. */
export type AuditChange = (typeof AUDIT_CHANGES)[number];
