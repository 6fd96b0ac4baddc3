// a run's results in the ledger → rows of tables

import type { EmotionSegment } from 'speech-emotion';
import { ESTIMATE, TIMES } from '../output/columns.ts';
import type { Column, Row } from '../output/rowWriter.ts';
import { scoreColumns, scoreValues } from '../output/scoreColumns.ts';
import type { ScoredRecording } from './ledger.ts';
import type { PieceSegments } from './scorePiece.ts';
import type { RunSettings } from './work.ts';

/** The columns of an archive's table. */
export function archiveColumns({ labels, options }: RunSettings): Column[] {
  return [
    { name: 'file', type: 'string' },
    ...(options.channel === 'each' ? [{ name: 'channel', type: 'integer' } as const] : []),
    ...TIMES,
    ...ESTIMATE,
    { name: 'sure', type: 'boolean' },
    ...scoreColumns(labels),
    { name: 'sound', type: 'string' },
  ];
}

/** A row a segment, channel after channel. */
export function* rowsOf(
  { source, sound, results }: ScoredRecording,
  { options }: RunSettings,
): Generator<Row, void, undefined> {
  const pieces = results.map((result) => JSON.parse(result) as PieceSegments);
  const channels = pieces[0]?.length ?? 0;
  for (let channel = 0; channel < channels; channel++) {
    const own: Row = { file: source, ...(options.channel === 'each' && { channel }) };
    for (const piece of pieces) for (const segment of piece[channel]!) yield { ...own, ...valuesOf(segment), sound };
  }
}

function valuesOf({ start, end, speech, label, confidence, sure, scores }: EmotionSegment): Row {
  return { start, end, speech, label, confidence, sure, ...scoreValues(scores) };
}
