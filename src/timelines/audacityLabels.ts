// segments of a recording → a label track of Audacity
//
// https://manual.audacityteam.org/man/importing_and_exporting_labels.html

import { checkNothingElse, checkOptions } from '../core/check.ts';
import { oneLine } from './oneLine.ts';
import { type SpanOptions, spansOf } from './spans.ts';
import type { TimelineSegment } from './timelineSegment.ts';

const ACTION = 'write labels';

/**
 * Emotions as labels of Audacity: start, end and text, between tabs. A file is one track; of several channels, each is a file.
 * What has no speech has no label.
 *
 * @param segments of `timeline`, or of one channel of it
 * @returns the text of a `.txt` file
 * @throws {TypeError} when these are no segments, or an option is of the wrong type or unknown
 * @throws {RangeError} when times are impossible or not in order, or an option is out of its range
 *
 * @example
 * const labels = toAudacityLabels(await classifier.timeline(bytes));
 */
export function toAudacityLabels(segments: readonly TimelineSegment[], options: SpanOptions = {}): string {
  const { minConfidence, sureOnly, ...rest } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  return spansOf(ACTION, 'segments', segments, { minConfidence, sureOnly })
    .filter(({ label }) => label !== undefined)
    .map(({ start, end, label }) => `${start.toFixed(6)}\t${end.toFixed(6)}\t${oneLine(label!)}\n`)
    .join('');
}
