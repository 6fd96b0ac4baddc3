// a plan → what writes it

import type { EmotionClassifier } from 'speech-emotion';
import type { SpanOptions } from 'speech-emotion/timelines';
import { openRows, ROW_FORMATS, type RowFormat } from '../output/openRows.ts';
import { type Sink, toFile, toStandardOutput } from '../output/sink.ts';
import { paintFor } from '../terminal/colours.ts';
import type { Progress } from '../terminal/progress.ts';
import type { ResultWriter } from './heard.ts';
import type { Plan } from './plan.ts';
import { columnsOf, rowResults } from './rows.ts';
import { type TimelineFormat, timelineFiles } from './timelineFiles.ts';

/** What writers need to know beside the plan. */
export interface Setting {
  readonly classifier: EmotionClassifier;
  readonly isTimeline: boolean;
  readonly hasChannels: boolean;
  readonly sureness: SpanOptions;
  readonly vad: false | undefined;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Opens what is written. */
export async function openResults(plan: Plan, setting: Setting): Promise<ResultWriter> {
  const { format, file, folder } = plan;
  const { isTimeline, sureness, hasChannels, classifier, vad, signal, progress } = setting;
  const open = async (): Promise<Sink> => (file === undefined ? toStandardOutput(progress.giveWay) : toFile(file));
  if (isRows(format)) {
    const subject = isTimeline ? (format === 'table' ? 'span' : 'segment') : 'recording';
    const paint = file === undefined ? paintFor(process.stdout) : (_: unknown, text: string) => text;
    const columns = columnsOf(subject, classifier.labels, hasChannels);
    return rowResults(await openRows(format, columns, await open(), paint), subject, sureness);
  }
  if (format === 'html') {
    const { reportResults } = await import('./report.ts');
    return reportResults(await open(), classifier, { vad, signal });
  }
  const target = folder !== undefined ? { folder } : file !== undefined ? { file } : { sink: await open() };
  return timelineFiles(format as TimelineFormat, target, sureness);
}

function isRows(format: string): format is RowFormat {
  return (ROW_FORMATS as readonly string[]).includes(format);
}
