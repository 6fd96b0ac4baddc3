// how far a live session is, what was heard → what the page says of it

import type { EmotionScore } from 'speech-emotion';
import type { WordProps } from '../../parts/word.tsx';
import { clock, duration, percent } from '../../state/figures.ts';
import { wordsOf } from '../../state/heard.ts';
import { LEAST_SPEECH_SECONDS, type LiveState, type Report } from '../../state/live.ts';
import { greatest, HOLD_SECONDS, type Span } from '../../state/session.ts';
import { plain, unsureLines, words } from '../recordings/answerText.ts';

/** The answer of the live view. */
export interface LiveAnswer extends WordProps {
  readonly lead: string;
  readonly certain?: EmotionScore | undefined;
  readonly lines: readonly string[];
}

const [PLAIN, UNSURE, SILENT] = [600, 300, 200];

/** After so much speech there is a word. */
const FIRST_SECONDS = HOLD_SECONDS + LEAST_SPEECH_SECONDS;

export function liveAnswer(state: LiveState, report: Report | undefined, isMute: boolean): LiveAnswer {
  switch (state.is) {
    case 'idle': {
      const lines = ['Press Listen, and speak. The word is how your voice sounds.', 'Nothing is recorded.'];
      return { ...plain('ready', 'quiet', SILENT), lead: '', lines };
    }
    case 'opening': {
      const lines = ['The browser may ask whether this page may use the microphone.'];
      return { ...plain('opening …', 'text', SILENT), lead: '', lines };
    }
    case 'listening':
      if (isMute) {
        const lines = ['Nothing comes from the microphone: it may be muted, or another one in use.'];
        return { ...plain('can’t hear you', 'text', PLAIN), lead: '', lines };
      }
      return report?.span ? moment(report.span, report) : listening();
    case 'over':
      return over(report, state.reason);
    case 'failed':
      return { ...plain('can’t hear you', 'text', PLAIN), lead: '', lines: [state.reason, ...kept(report)] };
  }
}

function listening(): LiveAnswer {
  const lines = [`The first word comes after ${FIRST_SECONDS} seconds of speech.`];
  return { ...plain('listening …', 'text', SILENT), lead: '', lines };
}

function moment({ heard, start, end }: Span, { certainty, spans, threshold }: Report): LiveAnswer {
  const before = spans.at(-2);
  const earlier = before ? [`before that: ${wordsOf(before.heard)}`] : [];
  const length = duration(end - start);
  if (heard.is === 'noSpeech')
    return { ...words(heard), lead: '', lines: [`nobody speaks for ${length},`, ...earlier] };
  if (heard.is === 'notSure')
    return { ...words(heard), lead: '', lines: [...unsureLines(heard, threshold), ...earlier] };
  const certain = { label: heard.first.label, score: certainty ?? heard.first.score };
  const lines = [`steady for ${length}${before ? ',' : ''}`, ...earlier];
  return { ...words({ ...heard, first: certain }), lead: '', certain, lines };
}

/** The session as a whole: what was heard for most of the speech. */
function over(report: Report | undefined, reason: string | undefined): LiveAnswer {
  const why = reason ? [reason] : [];
  const [most, next] = greatest(report?.shares ?? []);
  const lead = report ? `, ${clock(report.seconds)}` : '';
  if (!most) return { ...plain('no speech', 'quiet', SILENT), lead, lines: [...why, 'No word came of it.'] };
  const others = next ? [`then ${next.label}, ${percent(next.score)}.`] : [];
  const lines = [...why, `${percent(most.score)} of the speech${next ? ',' : '.'}`, ...others];
  if (most.label === 'not sure') return { ...plain('not sure', 'quiet', UNSURE), lead: `${lead}, mostly`, lines };
  const pieces = [{ text: most.label, emotion: most.label }];
  return { pieces, weight: PLAIN, tone: 'fill', lead: `${lead}, mostly`, lines };
}

function kept(report: Report | undefined): string[] {
  return report && report.spans.length > 0 ? ['What was heard until then is below.'] : [];
}
