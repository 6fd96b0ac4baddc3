// how far a recording is, and where it is played → what the page says of it

import type { EmotionScore } from 'speech-emotion';
import { type WordProps, weightOf } from '../../parts/word.tsx';
import { clock, duration, percent } from '../../state/figures.ts';
import { type Heard, heardAs, type Result } from '../../state/heard.ts';
import { momentAt, soFar } from '../../state/means.ts';
import type { Outcome, Progress, Recording } from '../../state/recording.ts';

/** The answer: before the word, the word, after it. */
export interface AnswerText extends WordProps {
  /** What is between the name and the word. */
  readonly lead: string;
  /** The certainty, where the model is sure: what the gauge shows. */
  readonly certain?: EmotionScore | undefined;
  readonly lines: readonly string[];
}

/** Everything but what is heard is as heavy as this. */
const PLAIN = 600;
/** Weights of what is not sure, and of nothing heard. */
const [UNSURE, SILENT] = [300, 200];

/**
 * @param place where it is played; undefined while it is not: then the answer is for the whole
 */
export function answerText(
  { kind }: Recording,
  progress: Progress,
  threshold: number,
  place: number | undefined,
): AnswerText {
  switch (progress.is) {
    case 'waiting':
      return { ...plain('waiting …', 'text', SILENT), lead: ', not heard yet', lines: ['Others come first.'] };
    case 'reading':
      return reading(progress, threshold);
    case 'heard':
      return place === undefined ? whole(kind, progress, threshold) : moment(progress, threshold, place);
    case 'failed':
      return { ...plain('can’t read it', 'text', PLAIN), lead: '', lines: [progress.reason] };
    case 'cancelled':
      return { ...plain('left out', 'quiet', SILENT), lead: '', lines: ['It was cancelled before it was heard.'] };
  }
}

function reading({ seconds, segments }: Extract<Progress, { is: 'reading' }>, threshold: number): AnswerText {
  const last = segments.at(-1);
  if (!last || seconds === undefined) {
    const lead = seconds === undefined ? '' : ` · ${duration(seconds)}`;
    return { ...plain('listening …', 'text', SILENT), lead, lines: ['The picture fills in as it is read.'] };
  }
  const heard = heardAs(soFar(segments), threshold);
  const lead = ` · ${clock(last.end)} of ${clock(seconds)}`;
  const lines = ['The picture fills in as it is read. Play what is there already.'];
  if (heard.is !== 'sure') return { ...words(heard, ', so far'), lead, lines };
  const { label, score } = heard.first;
  return {
    ...{ pieces: [{ text: label, emotion: label }, { text: ', so far' }], weight: weightOf(score), tone: 'ink' },
    lead,
    lines,
  };
}

function whole(kind: Recording['kind'], { seconds, result }: Outcome, threshold: number): AnswerText {
  const heard = heardAs(result, threshold);
  const length = kind === 'example' ? `, an example of ${duration(seconds)}` : `, ${duration(seconds)}`;
  if (heard.is === 'noSpeech') {
    const time = seconds < 60 ? `${Math.max(1, Math.round(seconds))} seconds` : clock(seconds);
    return { ...words(heard), lead: '', lines: [`Nobody speaks in these ${time}, so there is nothing to judge.`] };
  }
  if (heard.is === 'notSure')
    return { ...words(heard), lead: `${length} · not sure:`, lines: unsureLines(heard, threshold) };
  const others = result.scores!.filter(({ label }) => label !== heard.first.label);
  return { ...words(heard), lead: `${length}, sounds mostly`, certain: heard.first, lines: runnersUp(others) };
}

/** Both likeliest, and that neither is likely enough. */
export function unsureLines(
  { first, second }: Extract<Heard, { is: 'sure' | 'notSure' }>,
  threshold: number,
): string[] {
  const name = first.label.charAt(0).toUpperCase() + first.label.slice(1);
  const other = second ? `, ${second.label} ${percent(second.score)}` : '';
  return [`${name} ${percent(first.score)}${other}.`, `Neither reaches ${percent(threshold)}.`];
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

function runnersUp([next, ...rest]: readonly EmotionScore[]): string[] {
  if (!next) return [];
  const first = `then ${next.label}, ${percent(next.score)}`;
  if (rest.length === 0) return [first];
  const share = rest.reduce((sum, { score }) => sum + score, 0);
  const count = NUMBERS[rest.length] ?? String(rest.length);
  return [
    `${first};`,
    rest.length === 1 ? `${rest[0]!.label} ${percent(share)}` : `the other ${count} share ${percent(share)}`,
  ];
}

function moment({ seconds, result, segments }: Outcome, threshold: number, place: number): AnswerText {
  const lead = `, at ${seconds < 60 ? `${place.toFixed(1)} s` : clock(place)}, sounds`;
  const now = momentAt(segments, place);
  const heard = heardAs(now, threshold);
  const all = heardAs(result, threshold);
  const ofAll =
    all.is === 'sure'
      ? `${all.first.label}, ${percent(all.first.score)}`
      : words(all)
          .pieces.map(({ text }) => text)
          .join('');
  const lines = [`Whole recording: ${ofAll}`];
  if (heard.is === 'notSure')
    return { ...words(heard), lead: `${lead} like`, lines: [...unsureLines(heard, threshold).slice(0, 1), ...lines] };
  if (heard.is === 'noSpeech') return { ...words(heard), lead: lead.replace(/, sounds$/, ''), lines };
  const { second } = heard;
  const next = second ? [`then ${second.label}, ${percent(second.score)}.`] : [];
  return { ...words(heard), lead, certain: heard.first, lines: [...next, ...lines] };
}

/** The word of an answer, with what comes after it. */
export function words(heard: Heard, after = ''): WordProps {
  const tail = after ? [{ text: after }] : [];
  if (heard.is === 'noSpeech') return { pieces: [{ text: 'no speech' }, ...tail], weight: SILENT, tone: 'quiet' };
  const { first, second } = heard;
  const one = { text: first.label, emotion: first.label };
  if (heard.is === 'sure') return { pieces: [one, ...tail], weight: weightOf(first.score), tone: 'fill' };
  const other = second ? [{ text: ' or ' }, { text: second.label, emotion: second.label }] : [];
  return { pieces: [one, ...other, ...tail], weight: UNSURE, tone: 'ink' };
}

/** What is no emotion. */
export function plain(text: string, tone: WordProps['tone'], weight: number): WordProps {
  return { pieces: [{ text }], tone, weight };
}

/** What the answer says, as a sentence. */
export function inOneLine(result: Result, threshold: number): string {
  const heard = heardAs(result, threshold);
  const { pieces } = words(heard);
  return pieces.map(({ text }) => text).join('');
}
