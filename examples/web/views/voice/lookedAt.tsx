// a take that was said → how it looks, what was heard in it; played, said again, removed

import { Button } from '../../parts/button.tsx';
import { focusOn } from '../../parts/focus.ts';
import { PlayButton } from '../../parts/transport.tsx';
import { modelsThreshold } from '../../state/classifier.ts';
import { percent } from '../../state/figures.ts';
import { choose } from '../../state/myVoice/prompt.ts';
import { ROUNDS } from '../../state/myVoice/sentences.ts';
import { lookedAt, removeTake, type Take } from '../../state/myVoice/takes.ts';
import { recordTake } from '../../state/myVoice/taking.ts';
import { placeIn, player } from '../../state/player.ts';
import { thresholdFor } from '../../state/recordings.ts';
import { Sentence } from './say.tsx';
import { TakeStage } from './takeStage.tsx';

/** The button that says a take. */
const TAKE_BUTTON = '.say-controls .filled';

/** The take, in place of the next one. */
export function LookedAt({ take }: { take: Take }) {
  const { label, round, recording } = take;
  const { value } = recording.progress;
  const outcome = value.is === 'heard' ? value : undefined;
  const leave = () => {
    lookedAt.value = undefined;
    focusOn(TAKE_BUTTON);
  };
  const remove = () => {
    choose(label);
    removeTake(take);
    focusOn(TAKE_BUTTON);
  };
  return (
    <section class="say" aria-label="A take">
      <p class="eyebrow quiet-words">
        Take {round + 1} of {ROUNDS} · {heardIn(take)}
      </p>
      <Sentence {...{ label, round }} verb="Said" />
      <TakeStage
        {...{ picture: recording.picture.value, segments: outcome?.segments ?? [], seconds: outcome?.seconds ?? 1 }}
        threshold={thresholdFor(modelsThreshold())}
        line={player.recording.value === recording ? { at: placeIn(recording) } : undefined}
        label={`${recording.name}: ${heardIn(take)}`}
      />
      <div class="say-controls">
        <PlayButton recording={recording} />
        <Button
          icon="again"
          onClick={() => {
            choose(label);
            leave();
            void recordTake({ label, round });
          }}
        >
          Say it again
        </Button>
        <Button icon="trash" onClick={remove}>
          Remove
        </Button>
        <Button look="quiet" onClick={leave}>
          Go on
        </Button>
      </div>
    </section>
  );
}

/** `heard as sad, 62 %`. */
export function heardIn({ recording: { progress } }: Take): string {
  const { value } = progress;
  if (value.is !== 'heard') return 'listening …';
  return value.result.speech ? `heard as ${value.result.label}, ${percent(value.result.confidence)}` : 'no speech';
}
