// where the cards lie → ribbons from each to the training

import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { patternOf } from '../../parts/looks.ts';
import { classes, labelOf } from '../../state/lessons.ts';

/** The width of a ribbon, and from the middle of one to the next where they arrive, in pixels. */
const [WIDTH, STEP] = [22, 18];

interface Places {
  readonly width: number;
  readonly height: number;
  /** The middles of the cards, from the top. */
  readonly middles: readonly number[];
}

/** A ribbon a class; only where there is room beside the cards. */
export function Flows({ cards }: { cards: RefObject<HTMLUListElement> }) {
  const frame = useRef<SVGSVGElement>(null);
  const [{ width, height, middles }, setPlaces] = useState<Places>({ width: 0, height: 0, middles: [] });
  const labels = classes.value.map(labelOf);
  useLayoutEffect(() => {
    const measure = () => {
      const [svg, list] = [frame.current, cards.current];
      if (!svg || !list) return;
      const { top, width, height } = svg.getBoundingClientRect();
      const boxes = [...list.children].map((card) => card.getBoundingClientRect());
      setPlaces({ width, height, middles: boxes.map((box) => (box.top + box.bottom) / 2 - top) });
    };
    const observer = new ResizeObserver(measure);
    for (const element of [frame.current, ...(cards.current?.children ?? [])]) if (element) observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [labels.length]);
  return (
    <svg class="flows" ref={frame} aria-hidden="true">
      {middles.map((from, i) => {
        const label = labels[i];
        if (label === undefined) return null;
        const to = height / 2 + (i - (middles.length - 1) / 2) * Math.min(STEP, (height - 40) / middles.length);
        const bend = width / 2;
        const path = `M-1 ${from}H0C${bend} ${from} ${bend} ${to} ${width} ${to}H${width + 1}`;
        return (
          <g key={label} data-emotion={label} class="flow" stroke-width={WIDTH}>
            <path class="flow-outline" d={path} stroke-width={WIDTH + 2.5} />
            <path class="flow-fill" d={path} />
            <path d={path} stroke={`url(#${patternOf(label)})`} />
          </g>
        );
      })}
    </svg>
  );
}
