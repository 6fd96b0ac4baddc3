// a recording, or a piece of it → its plan, or the piece's segments: what is done in a thread

import type { EmotionClassifier } from 'speech-emotion';
import type { Piece } from './pieces.ts';
import { hashOf, openRecording, type RecordingBytes } from './recordingBytes.ts';
import { cutRecording, type PieceSegments, type ScoreOptions, scorePiece, scoreWhole } from './scorePiece.ts';
import { type WavLayout, wavLayout } from './wavLayout.ts';

/** How a run scores: plain data, the same wherever it is done. */
export interface RunSettings {
  /** The path or address of a model; undefined for the one that is shipped. */
  readonly model: string | undefined;
  /** Of its settings and weights. */
  readonly fingerprint: string;
  /** The model's. */
  readonly labels: readonly string[];
  readonly options: ScoreOptions;
  /** Longer recordings are cut; see `piecesOf`. */
  readonly pieceSeconds: number | undefined;
}

/** What there is to know of a recording before it is scored. */
export interface Plan {
  /** A hash of its bytes. */
  readonly sound: string;
  readonly version: string;
  readonly seconds: number | undefined;
  /** Missing where the recording is not cut. */
  readonly cut?: { readonly layout: WavLayout; readonly pieces: readonly Piece[] } | undefined;
}

/** A piece's segments, of each channel that is listened to. */
export interface PieceResult {
  readonly segments: PieceSegments;
  /** Its length. */
  readonly seconds: number;
}

/** Reads a recording once, and cuts it where it can be cut. */
export async function planRecording(
  classifier: EmotionClassifier,
  { options, pieceSeconds }: RunSettings,
  source: string,
  signal: AbortSignal,
): Promise<Plan> {
  const recording = await openRecording(source, signal);
  try {
    const { read, size, version } = recording;
    const layout = read && size !== undefined ? await wavLayout(read, size) : undefined;
    const sound = await hashOf(recording, signal);
    const isUnsure = typeof options.channel === 'number' && layout && options.channel >= layout.channels;
    const pieces = layout && !isUnsure ? cutRecording(classifier, layout, options, pieceSeconds) : [];
    const seconds = layout && layout.frames / layout.sampleRate;
    if (!layout || pieces.length < 2) return { sound, version, seconds: undefined };
    return { sound, version, seconds, cut: { layout, pieces } };
  } finally {
    await recording.close();
  }
}

/** Scores a piece of a recording; all of it where it is not cut. */
export async function scoreRecording(
  classifier: EmotionClassifier,
  { options }: RunSettings,
  source: string,
  { version, cut }: Plan,
  piece: number,
  signal: AbortSignal,
): Promise<PieceResult> {
  const recording = await openRecording(source, signal);
  try {
    const { name, read } = recording;
    if (recording.version !== version) throw new Error(`Cannot score ${name}: it has changed since it was looked at`);
    if (!cut) return whole(await scoreWhole(classifier, named(recording), options, signal));
    if (!read) throw new Error(`Cannot score ${name}: its server no longer gives parts of it`);
    const { layout, pieces } = cut;
    const own = pieces[piece]!;
    const segments = await scorePiece(classifier, { name, read, layout }, own, options, signal);
    return { segments, seconds: secondsOf(cut, piece) };
  } finally {
    await recording.close();
  }
}

function named({ name, size, stream }: RecordingBytes): AsyncIterable<Uint8Array> & { readonly name: string } {
  return { name, ...(size !== undefined && { size }), [Symbol.asyncIterator]: () => stream()[Symbol.asyncIterator]() };
}

function whole(segments: PieceSegments): PieceResult {
  return { segments, seconds: Math.max(...segments.map((all) => all.at(-1)?.end ?? 0)) };
}

/** Its share of the recording: from where its own segments begin to where those of the next one do. */
function secondsOf({ layout, pieces }: NonNullable<Plan['cut']>, piece: number): number {
  const begin = (i: number) => {
    const one = pieces[i];
    return one ? one.starts : layout.frames / layout.sampleRate;
  };
  return begin(piece + 1) - begin(piece);
}
