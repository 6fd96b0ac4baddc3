// an element → its width or height, as it changes

import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** The width of what is within its edges, in pixels; 0 until it is laid out. */
export function useWidth(element: RefObject<HTMLElement>): number {
  return useSize(element, 'width');
}

/** The same of its height. */
export function useHeight(element: RefObject<HTMLElement>): number {
  return useSize(element, 'height');
}

function useSize(element: RefObject<HTMLElement>, side: 'width' | 'height'): number {
  const [size, setSize] = useState(0);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return;
    const observer = new ResizeObserver(([entry]) => setSize(Math.round(entry!.contentRect[side])));
    observer.observe(current);
    setSize(side === 'width' ? current.clientWidth : current.clientHeight);
    return () => observer.disconnect();
  }, [element, side]);
  return size;
}
