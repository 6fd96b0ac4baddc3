// what was heard → the content of files

import { timelineSvg, toAudacityLabels, toElan, toTextGrid, toWebVtt } from 'speech-emotion/timelines';
import { paint } from '../pictures/paint.ts';
import { PITCHES } from '../pictures/picture.ts';
import { classifier } from './classifier.ts';
import { percent } from './figures.ts';
import { heardAs, wordsOf } from './heard.ts';
import type { Outcome, Recording } from './recording.ts';
import { settings } from './settings.ts';
import { theme } from './theme.ts';
import { WINDOW_SECONDS } from './windows.ts';

/** One recording, or a live session, heard. */
export interface One {
  readonly recording: Pick<Recording, 'name' | 'picture' | 'progress'>;
  readonly outcome: Outcome;
  readonly threshold: number;
  /** Above the picture, where it is not the answer for the whole. */
  readonly title?: string;
  /** What else is known of it, for JSON. */
  readonly more?: object;
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

/** The picture as vectors, the spectrogram within it as pixels. */
export function svg(one: One): Blob {
  const { recording, outcome, threshold } = one;
  const content = timelineSvg(
    outcome.segments.map(({ sure: _, ...segment }) => segment),
    {
      ...{ width: WIDTH, seconds: outcome.seconds, theme: theme.value, minConfidence: threshold, title: titleOf(one) },
      spectrogram: spectrogramOf(recording, outcome.seconds),
    },
  );
  return text(content, 'image/svg+xml');
}

const WIDTH = 1312;
/** Pixels of the screen for each of the picture. */
const FINE = 2;
/** Room for the answer above the picture. */
const HEAD = 72;

/** The same as pixels, with the answer above. */
export async function png(one: One): Promise<Blob> {
  const address = URL.createObjectURL(svg(one));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = new OffscreenCanvas(FINE * image.width, FINE * (image.height + HEAD));
    const context = canvas.getContext('2d')!;
    const { color, backgroundColor, fontFamily } = getComputedStyle(document.body);
    context.fillStyle = backgroundColor;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.scale(FINE, FINE);
    context.fillStyle = color;
    context.font = `650 28px ${fontFamily}`;
    context.fillText(titleOf(one), 16, 48, image.width - 32);
    context.drawImage(image, 0, HEAD);
    return await canvas.convertToBlob({ type: 'image/png' });
  } finally {
    URL.revokeObjectURL(address);
  }
}

function titleOf({ recording, outcome, threshold, title }: One): string {
  if (title !== undefined) return title;
  const heard = heardAs(outcome.result, threshold);
  const certainty = heard.is === 'sure' ? `, ${percent(heard.first.score)} sure` : '';
  return `${recording.name}: ${heard.is === 'notSure' ? 'not sure, ' : ''}${wordsOf(heard)}${certainty}`;
}

function spectrogramOf(
  { picture }: One['recording'],
  seconds: number,
): { href: string; height: number; ticks: typeof PITCHES } | undefined {
  if (!picture.value) return undefined;
  const canvas = Object.assign(document.createElement('canvas'), { width: FINE * WIDTH, height: FINE * HEIGHT });
  paint(canvas, { picture: picture.value, from: 0, to: seconds, theme: theme.value });
  return { href: canvas.toDataURL('image/png'), height: HEIGHT, ticks: PITCHES };
}

const HEIGHT = 312;

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
    `${JSON.stringify({ ...context(), threshold: one.threshold, ...recorded(one.recording), ...one.more }, null, 2)}\n`,
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

function recorded({ name, progress: { value } }: One['recording']) {
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
