// classifier, a recording, a piece of it → the piece's segments, as the whole has them

import { type EmotionClassifier, type EmotionSegment, FeatureExtractor, type TimelineOptions } from 'speech-emotion';
import { pieceSound, type SoundStream } from './pieceSound.ts';
import { type Piece, piecesOf, type SegmentGrid } from './pieces.ts';
import type { ReadBytes, WavLayout } from './wavLayout.ts';

/** How recordings are scored: plain data, which is part of the key of each result. */
export interface ScoreOptions extends Pick<TimelineOptions, 'hopSeconds' | 'windowSeconds' | 'topK'> {
  readonly channel?: 'mix' | 'each' | number | undefined;
  /** `false` classifies every segment; else options of voice activity detection that are plain data. */
  readonly vad?: false | { readonly detector?: 'speech' | 'level' } | undefined;
  readonly maxSeconds?: number | undefined;
}

/** The segments of each channel that is listened to. */
export type PieceSegments = readonly (readonly EmotionSegment[])[];

/** A recording, cut. */
export interface CutRecording {
  readonly name: string;
  readonly read: ReadBytes;
  readonly layout: WavLayout;
}

/** The grid that the segments of a classifier lie on. */
export function segmentGrid(
  { settings }: EmotionClassifier,
  { hopSeconds = 0.5, windowSeconds, vad }: ScoreOptions,
): SegmentGrid {
  const { options, framesPerSecond, features } = new FeatureExtractor(settings.features);
  const inFrames = (seconds: number) => Math.max(1, Math.round(seconds * framesPerSecond));
  return {
    sampleRate: options.sampleRate,
    hopLength: options.features.hopLength,
    frameReach: Math.max(0, features.reach[1]),
    hopFrames: inFrames(hopSeconds),
    windowFrames: inFrames(windowSeconds ?? settings.window.frames / framesPerSecond),
    memorySeconds: vad !== false && vad?.detector === 'level' ? LEVEL_MEMORY : 0,
  };
}

/** What the detector of levels remembers by default, and half a second that counts as speech around it. */
const LEVEL_MEMORY = 11;

/**
 * The pieces of a recording: one where its channels are mixed, as the mix of a moment follows from all before it.
 *
 * @param pieceSeconds see {@link piecesOf}
 */
export function cutRecording(
  classifier: EmotionClassifier,
  layout: WavLayout,
  options: ScoreOptions,
  pieceSeconds: number | undefined,
): Piece[] {
  const isMixed = layout.channels > 1 && (options.channel ?? 'mix') === 'mix';
  const grid = segmentGrid(classifier, options);
  return piecesOf(layout, grid, isMixed ? Number.POSITIVE_INFINITY : pieceSeconds);
}

/** All segments of a recording that is not cut. */
export async function scoreWhole(
  classifier: EmotionClassifier,
  sound: SoundStream | AsyncIterable<Uint8Array>,
  options: ScoreOptions,
  signal: AbortSignal | undefined,
): Promise<PieceSegments> {
  const { channel = 'mix', ...rest } = options;
  if (channel === 'each') return classifier.timeline(sound, { ...rest, channel, signal });
  return [await classifier.timeline(sound, { ...rest, channel, signal })];
}

/** The segments of a piece; of each channel, if each is listened to. */
export async function scorePiece(
  classifier: EmotionClassifier,
  { name, read, layout }: CutRecording,
  piece: Piece,
  options: ScoreOptions,
  signal: AbortSignal | undefined,
): Promise<PieceSegments> {
  const { channel = 'mix', ...rest } = options;
  const channels = channel === 'each' ? Array.from({ length: layout.channels }, (_, i) => i) : [channel];
  const grid = segmentGrid(classifier, options);
  const all: EmotionSegment[][] = [];
  for (const one of channels) {
    const sound = await pieceSound(name, read, layout, piece, one === 'mix' ? 0 : one);
    const segments = await classifier.timeline(sound, { ...rest, channel: one, signal });
    const own = placed(segments, piece, grid, layout);
    all.push(channel === 'each' ? own.map(({ channels: _, ...segment }) => segment as EmotionSegment) : own);
  }
  return all;
}

/** The segments that are the piece's own, with their times in the recording. */
function placed(
  segments: readonly EmotionSegment[],
  { skipped, taken, frame }: Piece,
  { sampleRate, hopLength, windowFrames }: SegmentGrid,
  layout: WavLayout,
): EmotionSegment[] {
  const framesPerSecond = sampleRate / hopLength;
  const own = segments.slice(skipped, taken === undefined ? undefined : skipped + taken);
  return own.map((segment, i) => {
    const startFrame = frame + Math.round(segment.start * framesPerSecond);
    const isLast = taken === undefined && i === own.length - 1;
    const end = isLast ? layout.frames / layout.sampleRate : (startFrame + windowFrames) / framesPerSecond;
    return { ...segment, start: startFrame / framesPerSecond, end };
  });
}
