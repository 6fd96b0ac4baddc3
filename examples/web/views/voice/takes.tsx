// takes → a card for each emotion: a small picture of each take, and under it what was heard

import { patternOf } from '../../parts/looks.ts';
import { Mark } from '../../parts/mark.tsx';
import { Thumbnail } from '../../parts/picture.tsx';
import { inWords } from '../../state/figures.ts';
import { choose, prompt } from '../../state/myVoice/prompt.ts';
import { ROUNDS, wayOf } from '../../state/myVoice/sentences.ts';
import { labels, lookedAt, roundsOf, type Take } from '../../state/myVoice/takes.ts';
import { leaveTake } from '../../state/myVoice/taking.ts';
import { heardIn } from './lookedAt.tsx';

/** All takes. */
export function Takes() {
  return (
    <section class="takes" aria-labelledby="your-takes">
      <h2 id="your-takes">
        Your takes{' '}
        <span class="secondary">
          {inWords(ROUNDS)} for each emotion. The stripe is what it heard. They stay in this browser.
        </span>
      </h2>
      <ul class="take-cards">
        {labels.value.map((label) => (
          <Card key={label} label={label} />
        ))}
      </ul>
    </section>
  );
}

function Card({ label }: { label: string }) {
  const rounds = roundsOf(label);
  const count = rounds.filter(Boolean).length;
  const shown = lookedAt.value ?? prompt.value;
  return (
    <li class="take-card" data-label={label}>
      <button
        type="button"
        class="take-name"
        aria-current={shown?.label === label ? 'step' : undefined}
        onClick={() => {
          leaveTake();
          lookedAt.value = undefined;
          choose(label);
        }}
      >
        <Mark of={label} />
        <strong>{wayOf(label)}</strong>
        <span class="secondary take-count">
          {count} of {ROUNDS}
        </span>
      </button>
      <div class="take-tiles">
        {rounds.map((take, round) =>
          take ? <Tile key={take.id} take={take} /> : <div key={round} class="take-tile" />,
        )}
      </div>
    </li>
  );
}

const [WIDTH, HEIGHT] = [96, 48];

function Tile({ take }: { take: Take }) {
  const { recording } = take;
  const { value } = recording.progress;
  return (
    <button
      type="button"
      class="take-tile said"
      aria-pressed={lookedAt.value === take}
      aria-label={`${recording.name}: ${heardIn(take)}`}
      title={heardIn(take)}
      onClick={() => {
        leaveTake();
        lookedAt.value = take;
      }}
    >
      <Thumbnail picture={recording.thumbnail.value} width={WIDTH} height={HEIGHT} />
      {value.is === 'heard' && value.result.label && <Stripe label={value.result.label} />}
    </button>
  );
}

function Stripe({ label }: { label: string }) {
  return (
    <svg class="take-stripe" data-emotion={label} aria-hidden="true">
      <rect class="strip-fill" width="100%" height="100%" />
      <rect width="100%" height="100%" fill={`url(#${patternOf(label)})`} />
    </svg>
  );
}
