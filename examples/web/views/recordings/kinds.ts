// a recording → what it is counted, filtered and sorted by

import { heardAs, kindOf } from '../../state/heard.ts';
import type { Recording } from '../../state/recording.ts';
import { thresholdFor } from '../../state/recordings.ts';

/** A label, `not sure`, `no speech`, `not read`, or undefined as long as it is not heard. */
export function kindOfRecording({ progress: { value } }: Recording): string | undefined {
  if (value.is === 'failed') return 'not read';
  if (value.is !== 'heard') return undefined;
  return kindOf(heardAs(value.result, thresholdFor(value.sureAbove)));
}
