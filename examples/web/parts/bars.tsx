// scores → a bar for each label, with mark, name and share

import { percent } from '../state/figures.ts';
import { Mark } from './mark.tsx';

/** A share of the whole. */
export interface Share {
  readonly label: string;
  readonly score: number;
}

/** The bars, in the order given. */
export function Bars({ shares, label }: { shares: readonly Share[]; label: string }) {
  return (
    <ul class="bars" aria-label={label}>
      {shares.map(({ label, score }) => (
        <li key={label} data-label={label} data-score={score}>
          <Mark of={label} />
          <span class="bar-name">{label}</span>
          <span class="bar" data-emotion={label} aria-hidden="true">
            <span class="bar-fill" style={{ width: `${100 * score}%` }} />
          </span>
          <span class="bar-share">{percent(score)}</span>
        </li>
      ))}
    </ul>
  );
}
