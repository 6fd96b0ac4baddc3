// many recordings → how far they are, a ribbon with a place for each, a table

import { useSignal } from '@preact/signals';
import { Button, FileButton } from '../../parts/button.tsx';
import { Menu } from '../../parts/menu.tsx';
import { take } from '../../state/dropped.ts';
import { exportsOfAll } from '../../state/exports.ts';
import { inWords } from '../../state/figures.ts';
import type { Recording } from '../../state/recording.ts';
import { cancel, collection, recordings, removeAll, thresholdFor } from '../../state/recordings.ts';
import { ACCEPT } from '../../state/soundFiles.ts';
import { BatchRibbon } from './batchRibbon.tsx';
import { Filters } from './filters.tsx';
import { kindOfRecording } from './kinds.ts';
import { RecordingsTable } from './recordingsTable.tsx';

/** The table of all, and what stands above it. */
export function ManyRecordings() {
  const all = recordings.value;
  const filter = useSignal<string | undefined>(undefined);
  const done = all.filter(isDone).length;
  const heard = all.filter(({ progress }) => progress.value.is === 'heard').length;
  const isOver = done === all.length;
  const chosen = filter.value === undefined ? all : all.filter((one) => kindOfRecording(one) === filter.value);
  return (
    <div class="many">
      <p class="eyebrow">
        <span class="quiet-words">
          {inWords(all.length)} recordings{collection.value ? ' from ' : ''}
        </span>
        <strong>{collection.value}</strong>
      </p>
      <div class="many-top">
        <h1 class="count">
          {isOver ? (
            <>
              <b>{heard}</b> {heard < all.length && `of ${all.length} `}heard
            </>
          ) : (
            <>
              <b>{done}</b> of {all.length}
            </>
          )}
        </h1>
        <div class="actions">
          <TimeLeft all={all} />
          {isOver ? (
            <>
              <Button look="quiet" icon="trash" onClick={removeAll}>
                Remove all
              </Button>
              <FileButton accept={ACCEPT} onFiles={(files) => void take(files)}>
                <span>
                  Choose<span class="only-wide"> more</span>
                </span>
              </FileButton>
            </>
          ) : (
            <Button icon="close" onClick={cancel}>
              Cancel
            </Button>
          )}
          <Menu
            look="filled"
            icon="download"
            label="Export"
            items={exportsOfAll(all, ({ sureAbove }) => thresholdFor(sureAbove))}
          >
            Export
          </Menu>
        </div>
      </div>
      <BatchRibbon recordings={all} />
      <Filters recordings={all} filter={filter} />
      <RecordingsTable recordings={chosen} />
    </div>
  );
}

const isDone = ({ progress: { value } }: Recording) => value.is !== 'waiting' && value.is !== 'reading';

/** By what the others took, once some are done. */
function TimeLeft({ all }: { all: readonly Recording[] }) {
  const { value: pace } = useSignal({ since: performance.now(), done: all.filter(isDone).length });
  const [done, left] = [all.filter(isDone).length - pace.done, all.filter((one) => !isDone(one)).length];
  if (left === 0 || done < 2) return null;
  const seconds = ((performance.now() - pace.since) / 1000 / done) * left;
  const words = seconds < 90 ? `${Math.max(1, Math.round(seconds))} seconds` : `${Math.round(seconds / 60)} minutes`;
  return <p class="secondary">about {words} left</p>;
}
