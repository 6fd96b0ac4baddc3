// emotions over time → files that programs for sound and speech read

export { toAudacityLabels } from './audacityLabels.ts';
export { type ElanOptions, toElan } from './elan.ts';
export { type SpanOptions, type TimelineSpan, toSpans } from './spans.ts';
export { type TextGridOptions, toTextGrid } from './textGrid.ts';
export type { TimelineSegment, TimelineSegments } from './timelineSegment.ts';
export type { TrackOptions } from './tracks.ts';
export { toWebVtt, type WebVttOptions } from './webVtt.ts';
