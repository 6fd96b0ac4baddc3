// recordings → one on the stage, or the table of many

import { recorder } from '../../state/recorder.ts';
import { shown } from '../../state/recordings.ts';
import { ManyRecordings } from './manyRecordings.tsx';
import { OneRecording } from './oneRecording.tsx';
import { Taking } from './taking.tsx';

/** The view of recordings. */
export function RecordingsView() {
  if (recorder.value.is !== 'idle') return <Taking />;
  const recording = shown.value;
  return recording ? <OneRecording key={recording.id} recording={recording} /> : <ManyRecordings />;
}
