// a label, or that there is none → its mark

import { SILENCE_MARK, UNSURE_MARK } from 'speech-emotion/timelines';
import { Icon } from './icon.tsx';
import { looks } from './looks.ts';

/** The mark of a label, of `not sure`, of `no speech` or of `not read`; the name stands beside it. */
export function Mark({ of }: { of: string }) {
  if (of === 'not read') return <Icon name="warning" />;
  const look = looks.value[of];
  return (
    <svg class="mark" viewBox="-1 -1 18 18" data-emotion={of} aria-hidden="true">
      {of === 'no speech' && <path class="dots" d={SILENCE_MARK} />}
      {of === 'not sure' && <path class="under" d={UNSURE_MARK.under} />}
      {of === 'not sure' && <path class="strand" d={UNSURE_MARK.over} />}
      {look && <path d={look.mark} />}
      {look?.number !== undefined && (
        <text x="8" y="12">
          {look.number}
        </text>
      )}
    </svg>
  );
}
