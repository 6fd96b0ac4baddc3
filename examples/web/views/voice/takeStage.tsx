// a take as far as there is one → its picture and its ribbon

import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { Picture } from '../../parts/picture.tsx';
import { Ribbon, type RibbonProps } from '../../parts/ribbon.tsx';
import { useHeight, useWidth } from '../../parts/useSize.ts';
import type { Picture as Drawn } from '../../pictures/picture.ts';

/** What is shown of a take. */
export interface TakeStageProps extends Pick<RibbonProps, 'segments' | 'seconds' | 'threshold'> {
  readonly picture: Drawn | undefined;
  /** Where it is spoken or played, in seconds. */
  readonly line: { readonly at: number; readonly words?: ComponentChildren } | undefined;
  /** Said for those who do not see it. */
  readonly label: string;
}

/** Smaller than that of recordings, without axes: what is said is known. */
export function TakeStage({ picture, segments, seconds, threshold, line, label }: TakeStageProps) {
  const whole = useRef<HTMLDivElement>(null);
  const ribbon = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [width, height, ribbonHeight] = [useWidth(whole), useHeight(frame), useHeight(ribbon)];
  return (
    <div class="take-stage" ref={whole}>
      <div class="take-picture" ref={frame}>
        <Picture {...{ picture, width, height, from: 0, to: seconds }} />
      </div>
      <div class="take-ribbon" ref={ribbon}>
        <Ribbon {...{ segments, width, height: ribbonHeight, from: 0, seconds, threshold, label }} />
      </div>
      {line && (
        <p class="take-line" style={{ left: `${(100 * line.at) / seconds}%` }}>
          {line.words}
        </p>
      )}
    </div>
  );
}
