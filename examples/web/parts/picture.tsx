// a picture of sound, the part of it that is seen → a canvas in the page's colours

import { useLayoutEffect, useRef } from 'preact/hooks';
import { paint } from '../pictures/paint.ts';
import type { Picture as Drawn } from '../pictures/picture.ts';
import { theme } from '../state/theme.ts';

/** What is shown. */
export interface PictureProps {
  readonly picture: Drawn | undefined;
  readonly width: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
  readonly emphasis?: Float32Array | undefined;
  /** Said for those who do not see it; left out beside words that say enough. */
  readonly label?: string | undefined;
}

/** The canvas, as sharp as the screen. */
export function Picture({ picture, width, height, from, to, emphasis, label }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shownTheme = theme.value;
  const scale = Math.min(2, devicePixelRatio);
  const [wide, high] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  useLayoutEffect(() => {
    if (!canvas.current) return;
    if (canvas.current.width !== wide) canvas.current.width = wide;
    if (canvas.current.height !== high) canvas.current.height = high;
    if (picture) paint(canvas.current, { picture, from, to, theme: shownTheme, emphasis });
    else canvas.current.getContext('2d')?.clearRect(0, 0, wide, high);
  }, [picture, wide, high, from, to, shownTheme, emphasis]);
  return (
    <canvas
      {...{
        ref: canvas,
        class: 'picture',
        role: label ? 'img' : undefined,
        'aria-label': label,
        'aria-hidden': !label,
      }}
      style={{ width: `${width}px`, height: `${height}px` }}
    />
  );
}

/** A small picture of a whole recording, for lists. */
export function Thumbnail({ picture, width, height }: Pick<PictureProps, 'picture' | 'width' | 'height'>) {
  return (
    <Picture {...{ picture, width, height, from: 0, to: picture ? picture.columns / picture.columnsPerSecond : 1 }} />
  );
}
