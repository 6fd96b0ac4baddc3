// emotions over time → files that programs for sound and speech read, and pictures

export { toAudacityLabels } from './audacityLabels.ts';
export { type ElanOptions, toElan } from './elan.ts';
export {
  EMOTION_LOOKS,
  type EmotionColours,
  type EmotionLook,
  type EmotionPattern,
  looksOf,
  SILENCE_MARK,
  SPECTROGRAM_COLOURS,
  UNSURE_MARK,
} from './emotionLooks.ts';
export type {
  RibbonBand,
  RibbonMark,
  RibbonShade,
  RibbonShape,
  RibbonStrand,
  RibbonThread,
} from './ribbonShape.ts';
export { type RibbonOptions, ribbonShapes } from './ribbonShapes.ts';
export { type SpanOptions, type TimelineSpan, toSpans } from './spans.ts';
export type { SpectrogramImage } from './spectrogramImage.ts';
export { type TextGridOptions, toTextGrid } from './textGrid.ts';
export type { TimelineSegment, TimelineSegments } from './timelineSegment.ts';
export { type TimelineSvgOptions, timelineSvg } from './timelineSvg.ts';
export type { TrackOptions } from './tracks.ts';
export { toWebVtt, type WebVttOptions } from './webVtt.ts';
