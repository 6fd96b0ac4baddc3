// recordings → chips that filter them, with counts

import type { Signal } from '@preact/signals';
import { Mark } from '../../parts/mark.tsx';
import type { Recording } from '../../state/recording.ts';
import { kindOfRecording } from './kinds.ts';

const LAST = ['not sure', 'no speech', 'not read'];

/** The most frequent emotions first; what is no emotion last. */
export function Filters({
  recordings,
  filter,
}: {
  recordings: readonly Recording[];
  filter: Signal<string | undefined>;
}) {
  const counts = new Map<string, number>();
  for (const recording of recordings) {
    const kind = kindOfRecording(recording);
    if (kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const rank = (kind: string) => LAST.indexOf(kind);
  const kinds = [...counts].sort(([a, m], [b, n]) => rank(a) - rank(b) || n - m);
  const heard = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return (
    <fieldset class="filters" aria-label="Show">
      <Chip name="All" count={heard} isOn={filter.value === undefined} onClick={() => (filter.value = undefined)} />
      {kinds.map(([kind, count]) => (
        <Chip
          key={kind}
          name={kind}
          mark
          count={count}
          isOn={filter.value === kind}
          onClick={() => (filter.value = kind)}
        />
      ))}
    </fieldset>
  );
}

function Chip({
  name,
  count,
  isOn,
  mark,
  onClick,
}: {
  readonly name: string;
  readonly count: number;
  readonly isOn: boolean;
  readonly mark?: boolean;
  readonly onClick: () => void;
}) {
  return (
    <button type="button" class="chip" aria-pressed={isOn} onClick={onClick}>
      {mark && <Mark of={name} />}
      {name} <span>{count}</span>
    </button>
  );
}
