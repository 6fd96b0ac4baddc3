// a recording → answer, picture, ribbon, transport, bars

import { useComputed, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { Answer } from '../../parts/answer.tsx';
import { Bars } from '../../parts/bars.tsx';
import { Button, FileButton } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Stage } from '../../parts/stage.tsx';
import { emphasisOf } from '../../pictures/emphasis.ts';
import { classifier, modelsThreshold } from '../../state/classifier.ts';
import { take } from '../../state/dropped.ts';
import { soFar } from '../../state/means.ts';
import { placeIn, player, seek, togglePlaying } from '../../state/player.ts';
import { record } from '../../state/recorder.ts';
import type { Progress, Recording } from '../../state/recording.ts';
import { cancel, recordings, remove, retry, thresholdFor } from '../../state/recordings.ts';
import { addressOf } from '../../state/route.ts';
import { ACCEPT, READABLE } from '../../state/soundFiles.ts';
import { toggleWhy } from '../../state/why.ts';
import { Actions } from './actions.tsx';
import { answerText } from './answerText.ts';
import { Controls } from './controls.tsx';
import { HowToRead } from './howToRead.tsx';
import { OtherExamples } from './otherExamples.tsx';
import { ScoresTable } from './scoresTable.tsx';

/** One recording, all of it. */
export function OneRecording({ recording }: { recording: Recording }) {
  const progress = recording.progress.value;
  const threshold = thresholdFor(progress.is === 'heard' ? progress.sureAbove : modelsThreshold());
  const scores = scoresOf(progress);
  return (
    <div class="one">
      <TheAnswer {...{ recording, progress, threshold }} />
      <Actions />
      {progress.is === 'failed' ? (
        <Unread text={progress.text} />
      ) : (
        <TheStage key={recording.id} {...{ recording, progress, threshold }} />
      )}
      <div class="columns">
        <section>
          <h2>{scores.length === 8 ? 'All eight' : 'All of them'}</h2>
          {scores.length > 0 ? (
            <Bars shares={scores} label="How likely each is" />
          ) : (
            <p class="secondary">Nothing was heard. {progress.is === 'failed' && READABLE}</p>
          )}
          {progress.is === 'heard' && <ScoresTable outcome={progress} threshold={threshold} />}
        </section>
        <HowToRead />
        <OtherExamples except={recording} />
      </div>
    </div>
  );
}

/** The way back to the table, where there is one. */
function Back() {
  const { length } = recordings.value;
  return length < 2 ? null : <a href={addressOf('recordings')}>All {length}</a>;
}

interface Shown {
  readonly recording: Recording;
  readonly progress: Progress;
  readonly threshold: number;
}

/** While it plays, the answer follows the line. */
function TheAnswer({ recording, progress, threshold }: Shown) {
  const isPlaying = player.isPlaying.value && player.recording.value === recording;
  // Tenths are all that is written: more would draw the answer at every picture of the screen.
  const tenth = useComputed(() => Math.round(10 * placeIn(recording)) / 10);
  const { lead, certain, lines, ...word } = answerText(
    recording,
    progress,
    threshold,
    isPlaying ? tenth.value : undefined,
  );
  return (
    <Answer {...{ before: <Back />, name: recording.name, lead, word, certain, threshold, lines }}>
      <WaysOn {...{ recording, progress }} />
    </Answer>
  );
}

function WaysOn({ recording, progress }: Pick<Shown, 'recording' | 'progress'>) {
  const isSilent = progress.is === 'heard' && !progress.result.speech;
  const another = (
    <FileButton small plain accept={ACCEPT} onFiles={(files) => void take(files)}>
      Choose another
    </FileButton>
  );
  if (progress.is === 'reading' || progress.is === 'waiting') {
    return (
      <Button small icon="close" onClick={cancel}>
        Cancel
      </Button>
    );
  }
  if (progress.is === 'failed') {
    return (
      <>
        <Button small onClick={() => remove(recording)}>
          Remove
        </Button>
        {another}
      </>
    );
  }
  if (progress.is === 'cancelled') {
    return (
      <Button small icon="again" onClick={() => retry(recording)}>
        Hear it
      </Button>
    );
  }
  if (!isSilent) return null;
  return (
    <>
      <Button small onClick={() => void record()}>
        Record
      </Button>
      {another}
    </>
  );
}

/** What a file holds instead of sound. */
function Unread({ text }: { text: string | undefined }) {
  return (
    <div class="unread">
      <p class="unread-box">{text ?? 'no sound'}</p>
      <Icon name="close" />
    </div>
  );
}

function TheStage({ recording, progress, threshold }: Shown) {
  const seconds = 'seconds' in progress ? progress.seconds : undefined;
  const segments = 'segments' in progress ? progress.segments : [];
  const time = useComputed(() => placeIn(recording));
  const view = useSignal({ from: 0, to: seconds ?? 1 });
  const zoom = useSignal<number | undefined>(undefined);
  const begin = useSignal<number | undefined>(undefined);
  const picture = recording.picture.value;
  const why = recording.why.value;
  const { value: state } = classifier;
  const emphasis = useMemo(() => {
    if (why?.is !== 'shown' || !picture || state.is !== 'ready') return undefined;
    return emphasisOf(why.explanation, picture, state.classifier.settings.features);
  }, [why, picture, state]);
  if (seconds === undefined) return <div class="stage empty" />;
  const isReading = progress.is === 'reading';
  const firstZoom = innerWidth < 720 ? Math.max(1, seconds / PHONE_SECONDS) : 1;
  return (
    <>
      <Stage
        {...{
          name: recording.name,
          seconds,
          picture,
          segments,
          threshold,
          captions: recording.captions,
          emphasis,
          time,
          view,
          begin,
        }}
        zoom={zoom.value ?? firstZoom}
        heardUpTo={isReading ? (segments.at(-1)?.end ?? 0) : undefined}
        onSeek={(place) => void seek(recording, place)}
        onToggle={() => void togglePlaying(recording)}
        onWhy={() => void toggleWhy(recording, view.value)}
      />
      <Controls {...{ recording, progress, seconds, threshold, view, zoom, begin, firstZoom }} />
    </>
  );
}

/** A phone shows so much at once. */
const PHONE_SECONDS = 10;

function scoresOf(progress: Progress) {
  if (progress.is === 'heard') return progress.result.scores ?? [];
  if (progress.is === 'reading') return soFar(progress.segments).scores ?? [];
  return [];
}
