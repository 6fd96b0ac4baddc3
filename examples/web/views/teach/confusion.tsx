// a confusion matrix → a table, darker the more often a label was said

import type { ConfusionMatrix } from 'speech-emotion/evaluation';
import { percent } from '../../state/figures.ts';
import { type Course, training } from '../../state/training.ts';

/** The most ink, in percent, on which text can be read in both themes. */
const DEEPEST = 30;

/** A row for each label. */
export function Confusion({ course: { labels, records }, confusion }: { course: Course; confusion: ConfusionMatrix }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls where there are many labels, by keyboard too.
    <section class="confusion-scroll" tabIndex={0} aria-label="What was taken for what">
      <table class="confusion">
        <caption>{captionOf(confusion, records)}</caption>
        <thead>
          <tr>
            <td>is ↓ said →</td>
            {labels.map((label) => (
              <th scope="col" key={label}>
                <span>{label}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((label, truth) => (
            <Row key={label} {...{ label, truth }} counts={confusion[truth]!} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ label, truth, counts }: { label: string; truth: number; counts: readonly number[] }) {
  const clips = sumOf(counts);
  return (
    <tr>
      <th scope="row">{label}</th>
      {counts.map((count, said) => (
        <td
          key={said}
          class={[said === truth && 'right', count === 0 && 'none'].filter(Boolean).join(' ')}
          style={{
            background: `color-mix(in srgb, var(--text) ${clips > 0 ? (DEEPEST * count) / clips : 0}%, var(--page))`,
          }}
        >
          {count}
        </td>
      ))}
    </tr>
  );
}

function captionOf(confusion: ConfusionMatrix, records: Course['records']): string {
  const clips = sumOf(confusion.flat());
  const { value: outcome } = training.outcome;
  if (outcome) {
    const { bestEpoch, score } = outcome;
    return `Held-out clips after training (epoch ${bestEpoch}): ${clips} clips, ${percent(score.war)} of them right`;
  }
  const last = records.at(-1);
  return `Held-out clips after epoch ${last?.epoch ?? 0}: ${clips} clips, UAR ${percent(last?.validation?.uar ?? 0)}`;
}

const sumOf = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
