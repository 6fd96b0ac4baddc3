// many recordings → one ribbon with a place for each: as thick as the model is sure

import { useMemo, useRef } from 'preact/hooks';
import type { TimelineSegment } from 'speech-emotion/timelines';
import { Ribbon } from '../../parts/ribbon.tsx';
import { useHeight, useWidth } from '../../parts/useSize.ts';
import type { Recording } from '../../state/recording.ts';
import { thresholdFor } from '../../state/recordings.ts';

/** Dotted where nobody speaks or nothing is heard yet; a cross where it cannot be read. */
export function BatchRibbon({ recordings }: { recordings: readonly Recording[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, height] = [useWidth(frame), useHeight(frame)];
  const states = recordings.map(({ progress }) => progress.value);
  const segments = useMemo(() => states.flatMap((state, i) => placeOf(state, i)), states);
  const heard = states.find((state) => state.is === 'heard');
  const threshold = thresholdFor(heard?.sureAbove);
  const done = states.findIndex(({ is }) => is === 'reading' || is === 'waiting');
  return (
    <div class="batch-ribbon" ref={frame} aria-hidden="true">
      <Ribbon {...{ segments, width, height, from: 0, seconds: recordings.length, threshold }} />
      {states.map(({ is }, i) =>
        is === 'failed' ? (
          <span key={i} class="batch-cross" style={{ left: `${(100 * (i + 0.5)) / states.length}%` }}>
            ×
          </span>
        ) : null,
      )}
      {done >= 0 && <span class="batch-line" style={{ left: `${(100 * done) / states.length}%` }} />}
    </div>
  );
}

/** A place is a second wide. */
function placeOf(state: Recording['progress']['value'], place: number): TimelineSegment[] {
  if (state.is !== 'heard' || !state.result.speech) return [];
  const { label, confidence, scores } = state.result;
  return [{ start: place, end: place + 1, label, confidence, scores }];
}
