// what was heard in a recording → rows of a table

import type { EmotionResult } from 'speech-emotion';
import { type SpanOptions, toSpans } from 'speech-emotion/timelines';
import { ESTIMATE, TIMES } from '../output/columns.ts';
import type { Column, Row, RowWriter } from '../output/rowWriter.ts';
import { scoreColumns, scoreValues } from '../output/scoreColumns.ts';
import type { Heard, HeardChannel, ResultWriter } from './heard.ts';

/** What is in a row: a recording, one of its segments, or, for people, one of its spans. */
export type Subject = 'recording' | 'segment' | 'span';

/** The columns of a table. */
export function columnsOf(subject: Subject, labels: readonly string[], hasChannels: boolean): Column[] {
  const times: readonly Column[] = subject === 'recording' ? [{ name: 'seconds', type: 'number' }] : TIMES;
  return [
    { name: 'file', type: 'string' },
    ...(hasChannels ? [{ name: 'channel', type: 'integer' } as const] : []),
    ...times,
    ...ESTIMATE,
    ...(subject === 'span' ? [] : scoreColumns(labels)),
  ];
}

/** Writes rows of what was heard. Those of a recording are written one after the other, and none before all of it is heard. */
export function rowResults(table: RowWriter, subject: Subject, sureness: SpanOptions): ResultWriter {
  return {
    async write(heard) {
      for (const channel of heard.channels) {
        for (const row of rowsOf(heard, channel, subject, sureness)) await table.write(row);
      }
    },
    close: () => table.close(),
    discard: () => table.discard(),
  };
}

function rowsOf(
  { recording, seconds }: Heard,
  { channel, result, segments = [] }: HeardChannel,
  subject: Subject,
  sureness: SpanOptions,
): Row[] {
  const own: Row = { file: recording.name, ...(channel !== undefined && { channel }) };
  if (subject === 'recording') return result ? [{ ...own, seconds, ...estimate(result, sureness) }] : [];
  if (subject === 'segment')
    return segments.map((one) => ({ ...own, start: one.start, end: one.end, ...estimate(one, sureness) }));
  return toSpans(segments, sureness).map((span) => ({ ...own, ...span, speech: span.label !== undefined }));
}

/** What is said of a sound: its label, or `unsure`, and the scores of all labels. */
export function estimate(result: Pick<EmotionResult, keyof EmotionResult>, sureness: SpanOptions): Row {
  const { speech, label, confidence, sure, scores } = result;
  if (!speech) return { speech };
  const { minConfidence = 0, sureOnly } = sureness;
  const isUnsure = confidence! < minConfidence || (sureOnly && sure === false);
  return { speech, label: isUnsure ? 'unsure' : label, confidence, ...scoreValues(scores) };
}
