// an outcome → the figures of the picture as a table, for those who do not see it

import { useState } from 'preact/hooks';
import { Mark } from '../../parts/mark.tsx';
import { duration, percent } from '../../state/figures.ts';
import { heardAs, kindOf, wordsOf } from '../../state/heard.ts';
import type { Outcome } from '../../state/recording.ts';

/** Made when it is opened: long recordings have thousands of rows. */
export function ScoresTable({ outcome: { segments }, threshold }: { outcome: Outcome; threshold: number }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="scores" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>The ribbon as a table</summary>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too.
        <section class="scores-scroll" tabIndex={0} aria-label="The ribbon as a table">
          <table>
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col">To</th>
                <th scope="col">Sounds</th>
                <th scope="col">Certainty</th>
              </tr>
            </thead>
            <tbody>
              {segments.map((segment) => {
                const heard = heardAs(segment, threshold);
                return (
                  <tr key={segment.start}>
                    <td>{duration(segment.start)}</td>
                    <td>{duration(segment.end)}</td>
                    <td>
                      <Mark of={kindOf(heard)} /> {wordsOf(heard)}
                    </td>
                    <td>{segment.confidence === undefined ? '' : percent(segment.confidence)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}
