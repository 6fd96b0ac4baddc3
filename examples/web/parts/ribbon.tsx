// segments → the ribbon: as thick as the model is sure

import { useMemo } from 'preact/hooks';
import { type RibbonMark, type RibbonShape, ribbonShapes, type TimelineSegment } from 'speech-emotion/timelines';
import { patternOf } from './looks.ts';
import { Mark } from './mark.tsx';

/** What a ribbon shows. */
export interface RibbonProps {
  readonly segments: readonly TimelineSegment[];
  readonly width: number;
  readonly height: number;
  readonly from: number;
  readonly seconds: number;
  /** What is less certain is frayed. */
  readonly threshold: number;
  /** Said for those who do not see it. */
  readonly label?: string | undefined;
  /** Whether there is more to come after the last segment. */
  readonly ongoing?: boolean | undefined;
  /** Marks and names beneath it. */
  readonly marks?: boolean | undefined;
}

/** The ribbon, drawn by the library. */
export function Ribbon(props: RibbonProps) {
  const { segments, width, height, from, seconds, threshold, ongoing = false, marks, label } = props;
  const shapes = useMemo(() => {
    if (width < 1 || seconds <= 0) return [];
    // The page's own threshold, which may be another than the model's.
    const own = segments.map(({ sure: _, ...segment }) => segment);
    return ribbonShapes(own, { width, height, from, seconds, minConfidence: threshold, ongoing });
  }, [segments, width, height, from, seconds, threshold, ongoing]);
  return (
    <>
      <svg
        class="ribbon"
        {...{ width, height }}
        role={label ? 'img' : undefined}
        aria-label={label}
        aria-hidden={!label}
      >
        <Shapes shapes={shapes} />
      </svg>
      {marks && <Marks shapes={shapes} until={ongoing ? (segments.at(-1)?.end ?? 0) : Number.POSITIVE_INFINITY} />}
    </>
  );
}

/** What is within an `svg`. */
export function Shapes({ shapes }: { shapes: readonly RibbonShape[] }) {
  return (
    <>
      {shapes.map((shape, i) => (
        <Shape key={i} shape={shape} />
      ))}
    </>
  );
}

function Shape({ shape }: { shape: RibbonShape }) {
  if (shape.kind === 'mark') return null;
  if (shape.kind === 'thread') return <path class="thread" d={shape.path} />;
  if (shape.kind === 'shade') return <path d={shape.path} fill={`url(#shade-${shape.darkest})`} />;
  return (
    <g class="strip" data-emotion={shape.label}>
      <path d={shape.path} class="strip-fill" />
      <path d={shape.path} fill={`url(#${patternOf(shape.label)})`} />
      <path d={shape.outline} class="strip-outline" />
    </g>
  );
}

/** Letters take about so much room, in pixels; a mark and its gap so much. */
const [LETTER, MARK] = [8.5, 24];

/** What is not heard yet is no silence. */
function Marks({ shapes, until }: { shapes: readonly RibbonShape[]; until: number }) {
  return (
    <div class="ribbon-marks" aria-hidden="true">
      {shapes.map((shape) => {
        if (shape.kind !== 'mark' || shape.start >= until) return null;
        return <RibbonLabel key={shape.x} {...{ mark: shape, x: shape.x, room: shape.room }} />;
      })}
    </div>
  );
}

/** A mark, and its name where there is room for it. */
export function RibbonLabel({ mark: { label, second }, x, room }: { mark: RibbonMark; x: number; room: number }) {
  const kind = second ? 'not sure' : (label ?? 'no speech');
  const names = second ? [`not sure: ${label} or ${second}`, `${label} or ${second}`, 'not sure'] : [kind];
  const name = names.find((text) => MARK + text.length * LETTER <= room);
  return (
    <span style={{ left: `${x}px` }}>
      <Mark of={kind} />
      {name}
    </span>
  );
}
