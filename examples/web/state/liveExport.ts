// a live session → what files are written of it

import { signal } from '@preact/signals';
import { percent } from './figures.ts';
import { latestSession } from './live.ts';
import { soFar } from './means.ts';
import type { Outcome, Progress } from './recording.ts';
import { thresholdFor } from './recordings.ts';
import { greatest } from './session.ts';
import type { One } from './writers.ts';

/** The session's name, in files and menus. */
export const SESSION_NAME = 'Live session';

/** The session as it is now, as a recording would be. Sound is not kept. */
export function sessionSoFar(): One {
  const { session, log, drawn, sureAbove, ...heardWith } = latestSession()!;
  const segments = log.segments();
  const seconds = Math.max(drawn.seconds, segments.at(-1)?.end ?? 0);
  const outcome: Outcome = { seconds, segments, result: soFar(segments), sureAbove };
  const spans = session.spans.map(({ heard, ...time }) => ({ ...time, ...heard }));
  const [most] = greatest(session.shares);
  return {
    recording: {
      name: SESSION_NAME,
      picture: signal(drawn.whole.picture),
      progress: signal<Progress>({ is: 'heard', ...outcome }),
    },
    outcome,
    threshold: thresholdFor(sureAbove),
    title: `${SESSION_NAME}: ${most ? `mostly ${most.label}, ${percent(most.score)} of the speech` : 'no speech'}`,
    more: {
      spans,
      shares: session.shares,
      speechSeconds: session.speechSeconds,
      droppedSegments: heardWith.dropped,
      microphone: { name: heardWith.microphone, sampleRate: heardWith.sampleRate, channels: 'mixed', ...CONSTRAINTS },
    },
  };
}

/** What is asked of the browser. */
const CONSTRAINTS = { echoCancellation: false, noiseSuppression: false, autoGainControl: false } as const;
