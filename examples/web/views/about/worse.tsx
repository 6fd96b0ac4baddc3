// the same clips made worse → how many are still recognised

import { percent } from '../../state/figures.ts';
import type { About } from '../../stored/about.ts';

/** What noise, telephones and shortness cost. */
export function Worse({ conditions }: { conditions: About['worse'] }) {
  return (
    <section>
      <h2>Where it gets worse</h2>
      <p class="secondary">The same clips, made worse: how many are recognised, as a mean over the emotions.</p>
      <table class="worse">
        <thead class="hidden-words">
          <tr>
            <th scope="col">Made worse by</th>
            <th scope="col">Recognised</th>
          </tr>
        </thead>
        <tbody>
          {conditions.map(({ description, uar }) => (
            <tr key={description}>
              <th scope="row">{description.replace(/;.*/, '')}</th>
              <td>{percent(uar)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
