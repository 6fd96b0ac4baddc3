// a class → its name, its samples, and how to give it more

import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Button, FileButton } from '../../parts/button.tsx';
import { Mark } from '../../parts/mark.tsx';
import { Thumbnail } from '../../parts/picture.tsx';
import { PlayButton } from '../../parts/transport.tsx';
import { addSamples, type Class, classes, labelOf, removeSample } from '../../state/lessons.ts';
import type { Recording } from '../../state/recording.ts';
import { ACCEPT } from '../../state/soundFiles.ts';
import { HoldButton } from './holdButton.tsx';

/** So many samples are shown, until all are asked for. */
const SHOWN = 5;
const [WIDTH, HEIGHT] = [48, 40];

/** A card; sound files can be dropped on it. */
export function ClassCard({ one, isLast, onRemove }: { one: Class; isLast: boolean; onRemove: (one: Class) => void }) {
  const label = labelOf(one);
  const isOver = useSignal(false);
  const samples = one.samples.value;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    event.stopPropagation(); // elsewhere on the page it would be listened to
    isOver.value = event.type === 'dragover';
    if (event.type === 'drop') void addSamples(one, [...(event.dataTransfer?.files ?? [])], 'file');
  };
  return (
    <li class={isOver.value ? 'class-card over-it' : 'class-card'} onDragOver={drop} onDragLeave={drop} onDrop={drop}>
      <div class="class-top">
        <Mark of={label} />
        <input
          class="class-name"
          aria-label={`Name of class ${1 + classes.value.indexOf(one)}`}
          value={one.name.value}
          placeholder={label}
          maxLength={40}
          autocomplete="off"
          onInput={({ currentTarget }) => (one.name.value = currentTarget.value)}
        />
        <span class="secondary">
          {samples.length} {samples.length === 1 ? 'sample' : 'samples'}
        </span>
        {classes.value.length > 2 && (
          <Button small look="quiet" icon="close" label={`Remove ${label}`} onClick={() => onRemove(one)} />
        )}
      </div>
      <Samples {...{ one, label }} />
      <div class="actions">
        <HoldButton one={one} />
        <FileButton look="quiet" small accept={ACCEPT} onFiles={(files) => void addSamples(one, files, 'file')}>
          <span>
            Files<span class="hidden-words"> for {label}</span>
          </span>
        </FileButton>
      </div>
      {one.trouble.value && (
        <p class="error-words" role="alert">
          {one.trouble.value}
        </p>
      )}
      {isLast && classes.value.length > 2 && (
        <p class="secondary hint">A class for everything else keeps it from guessing.</p>
      )}
    </li>
  );
}

function Samples({ one, label }: { one: Class; label: string }) {
  const isOpen = useSignal(false);
  const list = useRef<HTMLUListElement>(null);
  const drop = (sample: Recording) => {
    removeSample(one, sample);
    list.current?.focus(); // the button that had the focus is gone
  };
  const samples = one.samples.value;
  const shown = isOpen.value ? samples : samples.slice(-SHOWN);
  const more = samples.length - shown.length;
  return (
    <div class="samples">
      <ul ref={list} tabIndex={-1} aria-label={`Samples of ${label}`} class={isOpen.value ? 'all' : undefined}>
        {shown.map((sample) => (
          <li key={sample.id}>
            <Thumbnail picture={sample.thumbnail.value} width={WIDTH} height={HEIGHT} />
            {isOpen.value && (
              <>
                <PlayButton small recording={sample} />
                <Button small look="quiet" icon="trash" label={`Drop ${sample.name}`} onClick={() => drop(sample)} />
              </>
            )}
          </li>
        ))}
        {samples.length === 0 && <li class="no-samples secondary">none yet: record some, or drop files here</li>}
      </ul>
      {samples.length > 0 && (
        <button type="button" class="more" aria-expanded={isOpen.value} onClick={() => (isOpen.value = !isOpen.value)}>
          {isOpen.value ? 'Less' : more > 0 ? `${more} more` : 'All'}
          <span class="hidden-words"> samples of {label}</span>
        </button>
      )}
    </div>
  );
}
