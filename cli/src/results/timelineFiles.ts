// emotions over time → a file for each recording

import { basename, dirname, extname, join, relative } from 'node:path';
import {
  type SpanOptions,
  type TimelineSegments,
  toAudacityLabels,
  toElan,
  toTextGrid,
  toWebVtt,
} from 'speech-emotion/timelines';
import { type Sink, writeFileWhole } from '../output/sink.ts';
import type { FoundRecording } from '../recordings/found.ts';
import type { Heard, ResultWriter } from './heard.ts';

/** Formats that are a file for each recording, and how such files are called. */
export const TIMELINE_FORMATS = { vtt: '.vtt', textgrid: '.TextGrid', eaf: '.eaf', labels: '.txt' } as const;
export type TimelineFormat = keyof typeof TIMELINE_FORMATS;

/** Where the files go: standard output or a file, for a single one, or a folder. */
export type Target = { readonly sink: Sink } | { readonly file: string } | { readonly folder: string };

/** Writes files, each as soon as its recording is heard. */
export function timelineFiles(format: TimelineFormat, target: Target, sureness: SpanOptions): ResultWriter {
  const place = placer(TIMELINE_FORMATS[format]);
  return {
    async write(heard) {
      const { recording } = heard;
      for (const part of partsOf(format, heard)) {
        const path = 'folder' in target ? join(target.folder, place(recording.place, part.suffix)) : fileOf(target);
        const text = write(format, part.segments, recording, path, sureness);
        if ('sink' in target) await target.sink.write(text);
        else await writeFileWhole(path!, text);
      }
    },
    async close() {},
    async discard() {},
  };
}

const fileOf = (target: Target) => ('file' in target ? target.file : undefined);

/** Labels have room for one channel; the others for all. */
function partsOf(format: TimelineFormat, { channels }: Heard): { suffix: string; segments: TimelineSegments }[] {
  const all = channels.map(({ segments = [] }) => segments);
  if (all.length === 1) return [{ suffix: '', segments: all[0]! }];
  if (format !== 'labels') return [{ suffix: '', segments: all }];
  return all.map((segments, i) => ({ suffix: `.${i}`, segments }));
}

function write(
  format: TimelineFormat,
  segments: TimelineSegments,
  { name, path }: FoundRecording,
  target: string | undefined,
  sureness: SpanOptions,
): string {
  switch (format) {
    case 'vtt':
      return toWebVtt(segments, { ...sureness, title: basename(name) });
    case 'textgrid':
      return toTextGrid(segments, sureness);
    case 'eaf':
      return toElan(segments, { ...sureness, media: path === undefined ? undefined : mediaFrom(path, target) });
    case 'labels':
      return toAudacityLabels(segments as Parameters<typeof toAudacityLabels>[0], sureness);
  }
}

/** The recording as the document sees it: ELAN looks from there. */
function mediaFrom(path: string, target: string | undefined): string {
  const from = target === undefined ? path : relative(dirname(target), path);
  return process.platform === 'win32' ? from.replaceAll('\\', '/') : from;
}

/** Names in a folder: `talks/a.wav` → `talks/a.vtt`, and where that is taken `talks/a.wav.vtt`. */
function placer(ending: string): (place: string, suffix: string) => string {
  const taken = new Set<string>();
  return (place, suffix) => {
    const stem = place.slice(0, place.length - extname(place).length);
    for (let count = 0; ; count++) {
      const name = [stem, place, `${place}.${count}`][Math.min(count, 2)]!;
      const path = `${name}${suffix}${ending}`;
      const key = path.toLowerCase(); // for systems that take `A` and `a` for the same
      if (taken.has(key)) continue;
      taken.add(key);
      return path;
    }
  };
}
