// the file that `npm run shift` writes → its type

import type { TrainedModel } from 'speech-emotion';
import type { SHIFTS, ShiftResult } from './shiftedClips.ts';

export interface ShiftFile {
  readonly model: string;
  /** Places that each prediction is averaged over. */
  readonly averaged: number;
  /** How silence was cut off. */
  readonly trim: TrainedModel['settings']['features']['trim'];
  readonly commit: string;
  readonly shifts: typeof SHIFTS;
  /** Which clips, in words. */
  readonly clips: string;
  readonly corpora: readonly ShiftResult[];
}
