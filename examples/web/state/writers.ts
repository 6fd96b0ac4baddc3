// what was heard → the content of files

import { toAudacityLabels, toElan, toTextGrid, toWebVtt } from 'speech-emotion/timelines';
import { classifier } from './classifier.ts';
import { heardAs } from './heard.ts';
import type { Outcome, Recording } from './recording.ts';
import { settings } from './settings.ts';
import { WINDOW_SECONDS } from './windows.ts';

/** One recording, heard. */
export interface One {
  readonly recording: Recording;
  readonly outcome: Outcome;
  readonly threshold: number;
}

const text = (content: string, type: string) => new Blob([content], { type: `${type};charset=utf-8` });

/** Segments, sure by the page's threshold. */
const segmentsOf = ({ outcome, threshold }: One) =>
  outcome.segments.map(({ sure: _, ...segment }) => ({ ...segment, sure: (segment.confidence ?? 0) > threshold }));

export const vtt = (one: One) =>
  text(toWebVtt(segmentsOf(one), { title: one.recording.name, sureOnly: true }), 'text/vtt');
export const audacity = (one: One) => text(toAudacityLabels(segmentsOf(one), { sureOnly: true }), 'text/plain');
export const praat = (one: One) =>
  text(toTextGrid(segmentsOf(one), { sureOnly: true, seconds: one.outcome.seconds }), 'text/plain');
export const elan = (one: One) => text(toElan(segmentsOf(one), { sureOnly: true }), 'application/xml');

/** A row for each segment. */
export function csv({ outcome, threshold }: One): Blob {
  const labels = labelsOf([outcome]);
  const rows = outcome.segments.map((segment) => {
    const heard = heardAs(segment, threshold);
    return [segment.start, segment.end, ...verdictOf(heard), ...scoresIn(segment, labels)];
  });
  return table([['start', 'end', 'label', 'sure', ...labels], ...rows]);
}

/** A row for each recording. */
export function csvOfAll(recordings: readonly Recording[], threshold: (outcome: Outcome) => number): Blob {
  const outcomes = recordings.flatMap(({ progress: { value } }) => (value.is === 'heard' ? [value] : []));
  const labels = labelsOf(outcomes);
  const rows = recordings.map(({ name, progress: { value } }) => {
    if (value.is !== 'heard') {
      return [name, '', '', '', value.is, value.is === 'failed' ? value.reason : '', ...labels.map(() => '')];
    }
    const heard = heardAs(value.result, threshold(value));
    return [name, value.seconds, ...verdictOf(heard), 'heard', '', ...scoresIn(value.result, labels)];
  });
  return table([['file', 'seconds', 'label', 'sure', 'status', 'reason', ...labels], ...rows]);
}

const verdictOf = (heard: ReturnType<typeof heardAs>) =>
  heard.is === 'noSpeech' ? ['no speech', ''] : [heard.first.label, String(heard.is === 'sure')];

function labelsOf(outcomes: readonly Outcome[]): string[] {
  const all = outcomes.flatMap(({ result }) => result.scores?.map(({ label }) => label) ?? []);
  return [...new Set(all)].sort();
}

function scoresIn({ scores = [] }: Pick<Outcome['result'], 'scores'>, labels: readonly string[]) {
  return labels.map((label) => scores.find((score) => score.label === label)?.score.toFixed(4) ?? '');
}

/** RFC 4180; what a spreadsheet would take for a formula is told apart by an apostrophe. */
function table(rows: readonly (readonly (string | number)[])[]): Blob {
  const cell = (value: string | number) => {
    const words = typeof value === 'number' ? String(Number(value.toFixed(3))) : value;
    const safe = /^[=+\-@\t\r]/.test(words) && typeof value === 'string' ? `'${words}` : words;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return text(rows.map((row) => `${row.map(cell).join(',')}\r\n`).join(''), 'text/csv');
}

/** All that is known of one. */
export const json = (one: One) =>
  text(
    `${JSON.stringify({ ...context(), threshold: one.threshold, ...recorded(one.recording) }, null, 2)}\n`,
    'application/json',
  );

/** All that is known of all. */
export const jsonOfAll = (recordings: readonly Recording[], threshold: (outcome: Outcome) => number) => {
  const all = recordings.map((recording) => {
    const { value } = recording.progress;
    return { ...recorded(recording), ...(value.is === 'heard' ? { threshold: threshold(value) } : {}) };
  });
  return text(`${JSON.stringify({ ...context(), recordings: all }, null, 2)}\n`, 'application/json');
};

function recorded({ name, progress: { value } }: Recording) {
  return { name, ...value };
}

/** What it was heard with. */
function context() {
  const { value } = classifier;
  return {
    model: settings.model.value || 'speech-emotion/pretrained',
    settings: value.is === 'ready' ? value.classifier.settings : undefined,
    windowSeconds: WINDOW_SECONDS,
  };
}
