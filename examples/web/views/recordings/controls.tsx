// a recording that is heard → play, time, why, export, minutes, zoom, loop

import type { Signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Transport } from '../../parts/transport.tsx';
import { exportsOf } from '../../state/exports.ts';
import { clock, percent } from '../../state/figures.ts';
import { strongestMinutes } from '../../state/minutes.ts';
import { placeIn, player, type Span, seek } from '../../state/player.ts';
import type { Outcome, Progress, Recording } from '../../state/recording.ts';
import { toggleWhy } from '../../state/why.ts';

/** What the controls need. */
export interface ControlsProps {
  readonly recording: Recording;
  readonly progress: Progress;
  readonly seconds: number;
  readonly threshold: number;
  readonly view: Signal<Span>;
  readonly zoom: Signal<number | undefined>;
  readonly begin: Signal<number | undefined>;
  readonly firstZoom: number;
}

/** Of shorter recordings all is seen, and heard again soon enough. */
const LONG_SECONDS = 12;
/** The least that is worth seeing, in seconds. */
const LEAST_SEEN = 2;

/** The row beneath the ribbon. */
export function Controls(props: ControlsProps) {
  const { recording, progress, seconds, threshold, view } = props;
  const isHeard = progress.is === 'heard';
  return (
    <Transport {...{ recording, seconds }}>
      {isHeard && progress.result.speech && <WhyButton {...{ recording, view }} label={progress.result.label} />}
      {isHeard && (
        <Menu
          label="Export"
          icon="download"
          items={exportsOf(recording.name, () => ({ recording, outcome: progress, threshold }))}
        >
          Export
        </Menu>
      )}
      {isHeard && <Minutes {...props} segments={progress.segments} />}
      {seconds > LONG_SECONDS && <Zoom {...props} />}
      <Legend recording={recording} />
    </Transport>
  );
}

function WhyButton({ recording, view, label }: Pick<ControlsProps, 'recording' | 'view'> & { label: string }) {
  const why = recording.why.value;
  const onClick = () => void toggleWhy(recording, view.value);
  if (why?.is === 'working') {
    return (
      <Button small icon="close" onClick={onClick}>
        {why.share > 0 ? `${percent(why.share)}, cancel` : 'Cancel'}
      </Button>
    );
  }
  return (
    <Button small icon="eye" isPressed={why?.is === 'shown'} onClick={onClick}>
      <span>
        Why<span class="only-wide"> “{label}”</span>?
      </span>
    </Button>
  );
}

/** Goes to the minute in which an emotion is heard most, and shows that minute alone. */
function Minutes({ recording, seconds, segments, zoom, begin }: ControlsProps & Pick<Outcome, 'segments'>) {
  const minutes = useMemo(() => strongestMinutes(segments, seconds), [segments, seconds]);
  if (minutes.length === 0) return null;
  const items = minutes.map(({ label, start, end, score }) => ({
    title: label,
    text: `${clock(start)} to ${clock(end)}, ${percent(score)} on average`,
    onChoose() {
      zoom.value = seconds / (end - start);
      begin.value = start;
      void seek(recording, start);
    },
  }));
  return (
    <Menu label="The minute that is most …" items={items}>
      Minute
    </Menu>
  );
}

function Zoom({ recording, seconds, view, zoom, firstZoom }: ControlsProps) {
  const now = zoom.value ?? firstZoom;
  const most = Math.max(firstZoom, seconds / LEAST_SEEN);
  const set = (wanted: number) => {
    zoom.value = Math.min(most, Math.max(1, wanted));
  };
  const isLooping = player.loop.value !== undefined && player.recording.value === recording;
  const toggleLoop = async () => {
    await seek(recording, isLooping ? placeIn(recording) : view.value.from);
    player.loop.value = isLooping ? undefined : view.value;
  };
  return (
    <fieldset class="zoom" aria-label="What is seen">
      <Button small look="quiet" icon="minus" label="Zoom out" disabled={now <= 1} onClick={() => set(now / 2)} />
      <Button small look="quiet" icon="plus" label="Zoom in" disabled={now >= most} onClick={() => set(now * 2)} />
      <Button
        small
        look="quiet"
        icon="loop"
        label="Loop what is seen"
        isPressed={isLooping}
        onClick={() => void toggleLoop()}
      />
    </fieldset>
  );
}

function Legend({ recording }: { recording: Recording }) {
  const why = recording.why.value;
  return (
    <p class="legend secondary">
      {why?.is === 'shown' && (
        <>
          <b>Strong</b> is what spoke most for “{why.explanation.explained}”; the rest is dimmed. It shows what the
          model listened to, not why somebody sounds so.
        </>
      )}
      {why?.is === 'failed' && <span class="error-words">{why.reason}</span>}
      {(why === undefined || why.is === 'working') && (
        <>
          The thicker the ribbon, the surer. <b>Frayed</b>: not sure. <b>Dotted</b>: no speech.
        </>
      )}
    </p>
  );
}
