// a recording → play and pause, where it is, and what else can be done with it

import type { ComponentChildren } from 'preact';
import { clock } from '../state/figures.ts';
import { placeIn, player, togglePlaying } from '../state/player.ts';
import type { Recording } from '../state/recording.ts';
import { Icon } from './icon.tsx';

/** The round button: plays, and pauses. */
export function PlayButton({ recording, small }: { recording: Recording; small?: boolean }) {
  const isPlaying = player.isPlaying.value && player.recording.value === recording;
  return (
    <button
      type="button"
      class={small ? 'play small' : 'play'}
      aria-label={`${isPlaying ? 'Pause' : 'Play'} ${recording.name}`}
      onClick={() => void togglePlaying(recording)}
    >
      <Icon name={isPlaying ? 'pause' : 'play'} />
    </button>
  );
}

/** The row beneath a ribbon. */
export function Transport({
  recording,
  seconds,
  children,
}: {
  readonly recording: Recording;
  readonly seconds: number;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="transport">
      <PlayButton recording={recording} />
      <Time {...{ recording, seconds }} />
      {children}
    </div>
  );
}

/** Apart, since it changes with every picture of the screen. */
function Time({ recording, seconds }: { recording: Recording; seconds: number }) {
  const place = placeIn(recording);
  const text = (value: number) => (seconds < 60 ? value.toFixed(1) : clock(value));
  const unit = seconds < 60 ? ' s' : '';
  return (
    <p class="transport-time">
      <strong>
        {text(place)}
        <span class="only-wide">{unit}</span>
      </strong>{' '}
      / {text(seconds)}
      {unit}
    </p>
  );
}
