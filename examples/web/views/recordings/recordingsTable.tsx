// recordings → a table that can be sorted, with reasons in the rows

import { useSignal } from '@preact/signals';
import { Button } from '../../parts/button.tsx';
import { Mark } from '../../parts/mark.tsx';
import { Thumbnail } from '../../parts/picture.tsx';
import { Ribbon } from '../../parts/ribbon.tsx';
import { PlayButton } from '../../parts/transport.tsx';
import { clock, percent } from '../../state/figures.ts';
import { heardAs, kindOf, wordsOf } from '../../state/heard.ts';
import { type Outcome, type Recording, secondsOf } from '../../state/recording.ts';
import { remove, retry, thresholdFor } from '../../state/recordings.ts';
import { addressOf } from '../../state/route.ts';
import { kindOfRecording } from './kinds.ts';

const KEYS = {
  name: (recording: Recording) => recording.name.toLowerCase(),
  sounds: (recording: Recording) => kindOfRecording(recording) ?? '\uffff',
  certainty: ({ progress: { value } }: Recording) => -(value.is === 'heard' ? (value.result.confidence ?? 0) : -1),
  length: ({ progress: { value } }: Recording) => secondsOf(value) ?? Number.POSITIVE_INFINITY,
} as const;

/** Rows that wait are summed up beyond so many. */
const WAITING_SHOWN = 3;

/** The table. */
export function RecordingsTable({ recordings }: { recordings: readonly Recording[] }) {
  const order = useSignal<{ readonly by: keyof typeof KEYS; readonly isReversed: boolean } | undefined>(undefined);
  const rows = sorted(recordings, order.value);
  const waiting = rows.filter(({ progress }) => progress.value.is === 'waiting');
  const hidden = new Set(waiting.slice(WAITING_SHOWN));
  const head = (by: keyof typeof KEYS, words: string) => {
    const isBy = order.value?.by === by;
    const direction = order.value?.isReversed ? 'descending' : 'ascending';
    return (
      <th scope="col" class={`column-${by}`} aria-sort={isBy ? direction : undefined}>
        <button type="button" onClick={() => (order.value = { by, isReversed: isBy && !order.value!.isReversed })}>
          {words}
          {isBy && <span aria-hidden="true">{order.value!.isReversed ? ' ↑' : ' ↓'}</span>}
        </button>
      </th>
    );
  };
  return (
    <table class="recordings">
      <thead>
        <tr>
          <td class="column-picture" />
          {head('name', 'Recording')}
          {head('sounds', 'Sounds')}
          {head('certainty', 'How sure')}
          {head('length', 'Length')}
          <td class="column-play" />
        </tr>
      </thead>
      <tbody>
        {rows.map((recording) => !hidden.has(recording) && <Row key={recording.id} recording={recording} />)}
        {hidden.size > 0 && (
          <tr class="unheard">
            <td class="column-picture" />
            <td colSpan={5}>and {hidden.size} more waiting</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function sorted(recordings: readonly Recording[], order: { by: keyof typeof KEYS; isReversed: boolean } | undefined) {
  if (!order) return recordings;
  const key = KEYS[order.by];
  const compared = [...recordings].sort((a, b) => compare(key(a), key(b)));
  return order.isReversed ? compared.reverse() : compared;
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'string') return a.localeCompare(b as string, 'en', { numeric: true });
  return a === b ? 0 : a - (b as number);
}

function Row({ recording }: { recording: Recording }) {
  const { id, name, progress, thumbnail } = recording;
  const { value } = progress;
  const seconds = secondsOf(value);
  const isUnheard = value.is === 'waiting' || value.is === 'cancelled';
  return (
    <tr class={isUnheard ? 'unheard' : undefined} data-is={value.is}>
      <td class="column-picture">
        {thumbnail.value && value.is !== 'failed' && <Thumbnail picture={thumbnail.value} width={116} height={36} />}
      </td>
      <th scope="row" class="column-name">
        <a href={addressOf('recordings', id)}>{name}</a>
      </th>
      <td class="column-sounds">{soundsOf(recording)}</td>
      <td class="column-certainty">{value.is === 'heard' ? <Certainty outcome={value} /> : certaintyOf(recording)}</td>
      <td class="column-length">{seconds === undefined ? '' : clock(seconds)}</td>
      <td class="column-play">
        <span class="row-actions">
          {(value.is === 'failed' || value.is === 'cancelled') && (
            <Button small look="quiet" label={`Try ${name} again`} icon="again" onClick={() => retry(recording)} />
          )}
          {value.is === 'heard' && <PlayButton small recording={recording} />}
          <Button small look="quiet" label={`Remove ${name}`} icon="close" onClick={() => remove(recording)} />
        </span>
      </td>
    </tr>
  );
}

function soundsOf(recording: Recording) {
  const { value } = recording.progress;
  if (value.is === 'reading') return <span class="sounds">listening …</span>;
  if (value.is === 'waiting') return 'waiting';
  if (value.is === 'cancelled') return 'left out';
  const kind = kindOfRecording(recording)!;
  return (
    <span class={`sounds ${kind === 'no speech' || kind === 'not sure' ? 'none' : ''}`}>
      <Mark of={kind} />
      {kind}
    </span>
  );
}

function certaintyOf({ name, progress: { value } }: Recording) {
  if (value.is === 'failed') return <span class="reason">{value.reason}</span>;
  if (value.is !== 'reading') return null;
  const share = value.seconds ? (value.segments.at(-1)?.end ?? 0) / value.seconds : 0;
  return <progress aria-label={`Listening to ${name}`} value={share} max={1} />;
}

const [WIDTH, HEIGHT] = [96, 20];

function Certainty({ outcome: { result, sureAbove } }: { outcome: Outcome }) {
  const threshold = thresholdFor(sureAbove);
  const heard = heardAs(result, threshold);
  if (heard.is === 'noSpeech') return <span class="quiet-words">nobody speaks in it</span>;
  const { first, second } = heard;
  const segments = [{ start: 0, end: 1, label: first.label, confidence: first.score, scores: result.scores }];
  const words =
    heard.is === 'sure' || !second
      ? percent(first.score)
      : `${first.label} ${percent(first.score)}, ${second.label} ${percent(second.score)}`;
  return (
    <span class="how-sure" title={kindOf(heard) === 'not sure' ? `not sure: ${wordsOf(heard)}` : undefined}>
      <span class="small-ribbon">
        <Ribbon {...{ segments, width: WIDTH, height: HEIGHT, from: 0, seconds: 1, threshold }} />
      </span>
      {words}
    </span>
  );
}
