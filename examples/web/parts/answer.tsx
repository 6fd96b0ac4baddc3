// a name, a word, a certainty → the answer: the largest words of the page

import type { ComponentChildren } from 'preact';
import { percent } from '../state/figures.ts';
import { Gauge } from './gauge.tsx';
import { Word, type WordProps } from './word.tsx';

/** What an answer says. */
export interface AnswerProps {
  /** Beside the name. */
  readonly before?: ComponentChildren;
  readonly name: ComponentChildren;
  readonly lead: string;
  readonly word: WordProps;
  readonly certain?: { readonly label: string; readonly score: number } | undefined;
  readonly threshold: number;
  readonly lines: readonly string[];
  /** What can be done where there is no answer. */
  readonly children?: ComponentChildren;
}

/** The answer. */
export function Answer({ before, name, lead, word, certain, threshold, lines, children }: AnswerProps) {
  return (
    <div class="answer">
      <h1>
        <span class="eyebrow">
          {before}
          <strong>{name}</strong>
          <span class="quiet-words">{lead}</span>
        </span>{' '}
        <Word {...word} />
      </h1>
      <div class="certainty">
        {certain && <Gauge share={certain.score} threshold={threshold} emotion={certain.label} />}
        <div class="certainty-words">
          {certain && (
            <p class="certainty-share">
              <strong>{percent(certain.score)}</strong> sure
            </p>
          )}
          {certain && threshold > 0 && <p class="certainty-threshold">below {percent(threshold)}: not sure</p>}
          <p class="certainty-lines">
            {lines.map((line) => (
              <span key={line}>{line} </span>
            ))}
          </p>
          {children && <div class="actions">{children}</div>}
        </div>
      </div>
    </div>
  );
}
