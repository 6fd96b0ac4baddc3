// what is seen of live sound → a picture and a ribbon that run under a line: now

import type { Signal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { type RibbonMark, ribbonShapes } from 'speech-emotion/timelines';
import { Picture } from '../../parts/picture.tsx';
import { Ribbon, RibbonLabel, Shapes } from '../../parts/ribbon.tsx';
import { useHeight, useWidth } from '../../parts/useSize.ts';
import { PITCHES } from '../../pictures/picture.ts';
import type { Seen } from '../../state/live.ts';

/** Pixels a second: whole ones, so that what scrolls stays sharp. */
function paceOf(width: number): number {
  if (width < 600) return 42;
  return width < 1000 ? 60 : 77;
}

/** The last seconds. Until the picture is full, the line runs; then what is behind it does, by whole pixels. */
export function LiveStage({ seen: { value: seen }, threshold }: { seen: Signal<Seen | undefined>; threshold: number }) {
  const view = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const ribbon = useRef<HTMLDivElement>(null);
  const [width, height, ribbonHeight] = [useWidth(view), useHeight(frame), useHeight(ribbon)];
  const pace = paceOf(width);
  const now = Math.floor((seen?.now ?? 0) * pace);
  const line = Math.min(width, now);
  const from = now - line;
  return (
    <div class="stage live-stage">
      <ul class="pitches" aria-hidden="true">
        {(seen ? PITCHES : []).map(({ text, at }) => (
          <li key={text} style={{ bottom: `${100 * at}%` }}>
            {text}
          </li>
        ))}
      </ul>
      <div ref={view}>
        <div class="stage-picture" ref={frame}>
          <Picture
            {...{ picture: seen?.picture, width, height, label: 'Spectrogram of the last seconds' }}
            from={from / pace - (seen?.start ?? 0)}
            to={(from + width) / pace - (seen?.start ?? 0)}
          />
        </div>
        <div class="stage-ribbon" ref={ribbon}>
          {seen ? (
            <LiveRibbon {...{ seen, height: ribbonHeight, pace, from, line, threshold }} />
          ) : (
            <Ribbon {...{ segments: [], width, height: ribbonHeight, from: 0, seconds: 1, threshold }} />
          )}
        </div>
        {seen ? <Ago {...{ line, pace }} /> : <div class="time-axis" />}
      </div>
      {seen && <span class="now-line" aria-hidden="true" style={{ left: `${line}px` }} />}
    </div>
  );
}

/** The ribbon is drawn from one of these moments to another, so that strands stay as they are while they run by, in seconds. */
const ANCHOR = 8;

interface LiveRibbonProps {
  readonly seen: Seen;
  readonly height: number;
  readonly pace: number;
  /** The pixel of the session at the left edge. */
  readonly from: number;
  readonly line: number;
  readonly threshold: number;
}

/** Drawn again when a segment comes, moved in between. What was heard last goes on up to the line. */
function LiveRibbon({ seen: { segments }, height, pace, from, line, threshold }: LiveRibbonProps) {
  const start = ANCHOR * Math.max(0, Math.floor(from / pace / ANCHOR) - 1);
  const end = ANCHOR * (Math.floor((from + line) / pace / ANCHOR) + 2);
  const last = segments.at(-1)?.end ?? 0;
  const shapes = useMemo(() => {
    if (height < 1) return [];
    const own = segments.map(({ sure: _, ...segment }, i) =>
      i === segments.length - 1 ? { ...segment, end: Math.max(end, segment.end) } : segment,
    );
    const seconds = end - start;
    return ribbonShapes(own, {
      ...{ width: seconds * pace, height, from: start, seconds, minConfidence: threshold, ongoing: true },
    });
  }, [last, segments.length, start, end, height, pace, threshold]);
  const left = start * pace - from;
  return (
    <>
      <div class="live-clip" style={{ width: `${line}px` }} aria-hidden="true">
        <svg
          class="ribbon"
          aria-hidden="true"
          {...{ width: (end - start) * pace, height }}
          style={{ transform: `translateX(${left}px)` }}
        >
          <Shapes shapes={shapes} />
        </svg>
      </div>
      <div class="ribbon-marks" aria-hidden="true">
        {segments.length > 0 && labelsOf(shapes, left, line)}
      </div>
    </>
  );
}

/** Room for a mark, in pixels. */
const MARK = 24;

/** The mark of what runs out at the left edge stays there as long as it can. */
function labelsOf(shapes: ReturnType<typeof ribbonShapes>, left: number, line: number) {
  const marks = shapes.filter((shape): shape is RibbonMark => shape.kind === 'mark');
  return marks.map((mark) => {
    const x = Math.max(0, mark.x + left);
    const room = Math.min(mark.x + left + mark.room, line) - x;
    return room < MARK ? null : <RibbonLabel key={mark.start} {...{ mark, x, room }} />;
  });
}

/** How long ago, in steps of five seconds. */
function Ago({ line, pace }: { line: number; pace: number }) {
  const steps = Math.floor(line / (5 * pace));
  return (
    <div class="time-axis" aria-hidden="true">
      {Array.from({ length: steps }, (_, i) => (
        <span key={i} style={{ left: `${line - (i + 1) * 5 * pace}px` }}>
          −{5 * (i + 1)} s
        </span>
      ))}
      <span class="last" style={{ left: `${line}px` }}>
        now
      </span>
    </div>
  );
}
