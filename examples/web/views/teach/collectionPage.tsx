// a labelled collection → a training of one's own from the beginning, its course, its model

import { useEffect } from 'preact/hooks';
import { FileButton } from '../../parts/button.tsx';
import { chosen, openFiles } from '../../state/corpus.ts';
import { labelled } from '../../state/dropped.ts';
import { addressOf } from '../../state/route.ts';
import { ACCEPT } from '../../state/soundFiles.ts';
import { findRuns, training } from '../../state/training.ts';
import type { Corpus } from '../../training/messages.ts';
import { Course } from './course.tsx';
import { Kept } from './kept.tsx';
import { SettingsForm } from './settingsForm.tsx';
import { StartButtons } from './startButtons.tsx';

/** The page. What was dropped is opened at once. */
export function CollectionPage() {
  const { value: dropped } = labelled;
  useEffect(() => void findRuns(), []);
  useEffect(() => {
    if (!dropped || training.work.peek()) return;
    labelled.value = undefined;
    void openFiles(dropped.files, dropped.name);
  }, [dropped, training.work.value]);
  return (
    <div class="collection">
      <p class="eyebrow">
        <a href={addressOf('teach')}>← Teach it a sound</a>
      </p>
      <h1 class="title">Train on a whole collection</h1>
      <p class="lead">
        A model of your own from labelled recordings, on this device: nothing is sent anywhere. A training that is
        stopped, or whose tab is closed, can be resumed.
      </p>
      <div class="collection-columns">
        <div>
          <Chooser />
          {chosen.value.is === 'open' && <SettingsForm />}
          <StartButtons />
        </div>
        <div>
          <Course />
          <Kept />
        </div>
      </div>
    </div>
  );
}

function Chooser() {
  const isBusy = training.work.value !== undefined;
  return (
    <section class="chooser" aria-label="Recordings">
      <h2>Recordings</h2>
      <div class="actions">
        <FileButton
          accept={ACCEPT}
          disabled={isBusy}
          onFiles={(files) => void openFiles(withPaths(files), nameOf(files))}
        >
          Zip or files
        </FileButton>
        <FileButton folder disabled={isBusy} onFiles={(files) => void openFiles(withPaths(files), nameOf(files))}>
          A folder
        </FileButton>
      </div>
      <Found />
    </section>
  );
}

const withPaths = (files: readonly File[]) =>
  files.map((file) => ({ file, path: file.webkitRelativePath || file.name }));

/** The folder or the archive, by its name. */
function nameOf([first]: readonly File[]): string {
  return first?.webkitRelativePath.split('/')[0] || first?.name || '';
}

function Found() {
  const { value: state } = chosen;
  if (state.is === 'opening') return <p role="status">Looking at the files …</p>;
  if (state.is === 'failed') {
    return (
      <p class="error-words" role="alert">
        {state.reason}
      </p>
    );
  }
  if (state.is === 'open') {
    return (
      <p class="found" role="status">
        <strong>{state.from}</strong>: {inWords(state.corpus)}
      </p>
    );
  }
  return (
    <p class="secondary">
      Or drop them anywhere on this page. RAVDESS is known by its file names, its archive{' '}
      <i>Audio_Speech_Actors_01-24.zip</i> <a href="https://doi.org/10.5281/zenodo.1188976">as it can be downloaded</a>.
      Of your own, the folder is the label: <i>happy/anna_01.wav</i>, by two speakers at least, a few of each label by
      each.
    </p>
  );
}

function inWords({ kind, recordings, labels, speakers, skipped }: Corpus): string {
  const of = kind === 'ravdess' ? `recordings of RAVDESS, ${speakers.length} actors` : 'recordings';
  const by =
    kind === 'labelled' && speakers.length > 0 ? ` by ${speakers.length} speaker${speakers.length > 1 ? 's' : ''}` : '';
  const counts = labels.map(([label, count]) => `${label} ${count}`).join(', ');
  const left =
    skipped.length > 0 ? ` Left out: ${skipped.length} files, such as ${skipped[0]!.name}: ${skipped[0]!.reason}.` : '';
  return `${recordings} ${of}${by}: ${counts}.${left}`;
}
