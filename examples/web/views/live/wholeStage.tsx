// a session that is over → its picture and ribbon, all of it

import { useMemo, useRef } from 'preact/hooks';
import { Picture } from '../../parts/picture.tsx';
import { Ribbon } from '../../parts/ribbon.tsx';
import { TimeAxis } from '../../parts/timeAxis.tsx';
import { useHeight, useWidth } from '../../parts/useSize.ts';
import { PITCHES } from '../../pictures/picture.ts';
import { sessionSoFar } from '../../state/liveExport.ts';

/** From beginning to end, however long. */
export function WholeStage({ threshold }: { threshold: number }) {
  const view = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const ribbon = useRef<HTMLDivElement>(null);
  const [width, height, ribbonHeight] = [useWidth(view), useHeight(frame), useHeight(ribbon)];
  const { recording, outcome } = useMemo(sessionSoFar, []);
  const { seconds, segments } = outcome;
  return (
    <div class="stage live-stage">
      <ul class="pitches" aria-hidden="true">
        {PITCHES.map(({ text, at }) => (
          <li key={text} style={{ bottom: `${100 * at}%` }}>
            {text}
          </li>
        ))}
      </ul>
      <div ref={view}>
        <div class="stage-picture" ref={frame}>
          <Picture
            {...{ picture: recording.picture.value, width, height, from: 0, to: seconds }}
            label="Spectrogram of the session"
          />
        </div>
        <div class="stage-ribbon" ref={ribbon}>
          <Ribbon {...{ segments, width, height: ribbonHeight, from: 0, seconds, threshold, marks: true }} />
        </div>
        <TimeAxis {...{ from: 0, to: seconds, width }} />
      </div>
    </div>
  );
}
