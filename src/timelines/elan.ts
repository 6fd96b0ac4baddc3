// segments of a recording → an annotation document of ELAN
//
// https://www.mpi.nl/tools/elan/EAF_Annotation_Format_3.0_and_ELAN.pdf

import { checkNothingElse, checkOptions, checkString, shown } from '../core/check.ts';
import type { TimelineSegments } from './timelineSegment.ts';
import { type TrackOptions, tracksOf } from './tracks.ts';
import { xmlText } from './xmlText.ts';

/** Options of {@link toElan}. */
export interface ElanOptions extends TrackOptions {
  /** The recording's file: its path from the document, or a URL. @default none: ELAN asks for it */
  readonly media?: string | undefined;
  /** When the document was made. @default now */
  readonly date?: Date | undefined;
}

const ACTION = 'write a document of ELAN';

/**
 * Emotions as a tier of ELAN for each channel, in version 3.0 of its format. What has no speech has no annotation. Times are whole
 * milliseconds.
 *
 * @param segments of `timeline`, also of `channel: 'each'`
 * @returns the text of a `.eaf` file
 * @throws {TypeError} when these are no segments, or an option is of the wrong type or unknown
 * @throws {RangeError} when times are impossible or not in order, or an option is out of its range
 *
 * @example
 * const document = toElan(await classifier.timeline(bytes), { media: 'interview.wav' });
 */
export function toElan(segments: TimelineSegments, options: ElanOptions = {}): string {
  const { media, date = new Date(), minConfidence, sureOnly, channels, ...rest } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  if (media !== undefined) checkString(ACTION, 'media', media);
  checkDate(date);
  const slots: number[] = [];
  let annotations = 0;
  const tiers = tracksOf(ACTION, segments, { minConfidence, sureOnly, channels }).map(({ name, spans }) => {
    const own = spans.flatMap(({ start, end, label }) => {
      const [from, to] = [Math.round(1000 * start), Math.round(1000 * end)];
      if (label === undefined || to <= from) return [];
      annotations++;
      return [
        '<ANNOTATION>',
        `<ALIGNABLE_ANNOTATION ANNOTATION_ID="a${annotations}" TIME_SLOT_REF1="ts${slots.push(from)}" TIME_SLOT_REF2="ts${slots.push(to)}">`,
        `<ANNOTATION_VALUE>${xmlText(label)}</ANNOTATION_VALUE>`,
        '</ALIGNABLE_ANNOTATION>',
        '</ANNOTATION>',
      ];
    });
    return [`<TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="${xmlText(name)}">`, ...own, '</TIER>'];
  });
  const inOrder = slots.map((value, i) => ({ value, id: i + 1 })).sort((a, b) => a.value - b.value);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<ANNOTATION_DOCUMENT AUTHOR="" DATE="${date.toISOString()}" FORMAT="3.0" VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">`,
    '<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">',
    ...(media === undefined ? [] : [mediaLine(media)]),
    `<PROPERTY NAME="lastUsedAnnotationId">${annotations}</PROPERTY>`,
    '</HEADER>',
    '<TIME_ORDER>',
    ...inOrder.map(({ value, id }) => `<TIME_SLOT TIME_SLOT_ID="ts${id}" TIME_VALUE="${value}"/>`),
    '</TIME_ORDER>',
    ...tiers.flat(),
    '<LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>',
    '</ANNOTATION_DOCUMENT>',
  ];
  return `${lines.join('\n')}\n`;
}

/** ELAN writes paths as they are, with spaces, and looks for the relative one where the other is not there. */
function mediaLine(media: string): string {
  const type = /\.wav$/i.test(media) ? 'audio/x-wav' : 'audio/*';
  const isUrl = /^[a-z][a-z\d+.-]+:/i.test(media);
  const relative = isUrl ? '' : ` RELATIVE_MEDIA_URL="${xmlText(media.startsWith('.') ? media : `./${media}`)}"`;
  return `<MEDIA_DESCRIPTOR MEDIA_URL="${xmlText(media)}" MIME_TYPE="${type}"${relative}/>`;
}

function checkDate(date: unknown): void {
  const rule = `Cannot ${ACTION}: date must be a valid Date`;
  if (!(date instanceof Date)) throw new TypeError(`${rule}, got ${shown(date)}`);
  if (Number.isNaN(date.getTime())) throw new RangeError(`${rule}, got an invalid one`);
}
