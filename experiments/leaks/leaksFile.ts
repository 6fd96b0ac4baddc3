// the file that `npm run leaks` writes → its types

import type { LeakType } from 'speech-emotion/evaluation';
import type { TrainingConfig } from '../training/trainingConfig.ts';

/** What leaks into a training, in words. Everything else is the same: network, training configuration, tested clips, seeds. */
export const WAYS = {
  honest: 'nothing',
  normalised: 'the test clips are in the normaliser: mean and deviation of all clips, before the split',
  altered: 'copies of the test clips, with noise and played faster, are in training: augmentation before the split',
  twice: 'the test clips themselves are in training under other names: the corpus there twice, before the split',
  video: 'the sound of the videos of the tested takes is in training (imitated: the clips through MP3 at 32 kbit/s)',
  together: 'all of these',
} as const;

export type LeakWay = keyof typeof WAYS;

/** One training. */
export interface LeakRun {
  readonly way: LeakWay;
  readonly seed: number;
  /** Of sd10, e.g. `recording10/0`. */
  readonly fold: string;
  /** Clips trained on. */
  readonly trained: number;
  readonly tested: number;
  /** How many leaks `checkLeaks` finds in the fold as it was trained, by type. */
  readonly leaks: Readonly<Partial<Record<LeakType, number>>>;
  /** UAR of the clips trained on (of the fold as it should be), by the weights of the best epoch. */
  readonly uarOfTraining: number;
  /** UAR of the tested clips after each epoch. */
  readonly uarByEpoch: readonly number[];
  readonly commit: string;
}

export interface LeaksFile {
  readonly protocol: string;
  readonly description: string;
  readonly config: TrainingConfig;
  readonly ways: Readonly<Record<LeakWay, string>>;
  readonly runs: readonly LeakRun[];
}
