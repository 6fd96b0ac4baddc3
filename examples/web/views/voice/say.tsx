// what is to be said next → a sentence, how to say it, and the take as it is spoken

import { useEffect, useRef } from 'preact/hooks';
import { Button, FileButton } from '../../parts/button.tsx';
import { Meter } from '../../parts/meter.tsx';
import { Word } from '../../parts/word.tsx';
import { modelsThreshold } from '../../state/classifier.ts';
import { inWords } from '../../state/figures.ts';
import { addFiles, type Prompt, prompt, skip, total } from '../../state/myVoice/prompt.ts';
import { ROUNDS, SENTENCES, wayOf } from '../../state/myVoice/sentences.ts';
import { takes, trouble } from '../../state/myVoice/takes.ts';
import {
  finishTake,
  isTaking,
  leaveTake,
  pictureSoFar,
  recordTake,
  segmentsSoFar,
  type Taking,
  taking,
} from '../../state/myVoice/taking.ts';
import { thresholdFor } from '../../state/recordings.ts';
import { TakeStage } from './takeStage.tsx';

/** The next take. */
export function Say() {
  const { value: next } = prompt;
  if (!next) return <AllSaid />;
  const { value } = taking;
  return (
    <section class="say" aria-label="The next take">
      <p class="eyebrow quiet-words">
        Take {next.round + 1} of {ROUNDS} · {takes.value.length} of {total.value} takes recorded · {timeLeft()}
      </p>
      {value.is === 'failed' ? <Unheard reason={value.reason} /> : <Sentence {...next} />}
      <Spoken taking={value} />
      <Controls next={next} taking={value} />
      {trouble.value && <p class="error-words">{trouble.value}</p>}
    </section>
  );
}

/** A take and the way to the next one, in seconds. */
const PACE = 12;

function timeLeft(): string {
  const minutes = Math.max(1, Math.round(((total.value - takes.value.length) * PACE) / 60));
  return `about ${inWords(minutes).toLowerCase()} ${minutes === 1 ? 'minute' : 'minutes'} left`;
}

/** The sentence, and in which way it is said. */
export function Sentence({ label, round, verb = 'Say' }: Prompt & { verb?: 'Say' | 'Said' }) {
  return (
    <h1 class="sentence">
      “{SENTENCES[round]}” <span class="say-it">{verb === 'Say' ? 'Say it ' : 'Said '}</span>
      <Word pieces={[{ text: wayOf(label), emotion: label }]} weight={800} tone="fill" />
    </h1>
  );
}

function Unheard({ reason }: { reason: string }) {
  return (
    <>
      <h1 class="sentence">
        <Word pieces={[{ text: 'can’t hear you' }]} weight={600} tone="text" />
      </h1>
      <p class="unheard">{reason}</p>
    </>
  );
}

/** So many seconds are seen at first; then the line stays where it is, at a share of the width. */
const [SEEN, AT] = [3, 0.7];

function Spoken({ taking }: { taking: Taking }) {
  const isRecording = taking.is === 'recording';
  const at = isRecording ? taking.seconds : 0;
  return (
    <TakeStage
      {...{ picture: isRecording ? pictureSoFar.value : undefined, segments: isRecording ? segmentsSoFar.value : [] }}
      {...{ seconds: Math.max(SEEN, at / AT), threshold: thresholdFor(modelsThreshold()) }}
      line={isRecording ? { at, words: <RecordingNow seconds={at} /> } : undefined}
      label="The take, as it is spoken"
    />
  );
}

function RecordingNow({ seconds }: { seconds: number }) {
  return (
    <span>
      <span class="only-wide">recording … </span>
      {seconds.toFixed(1)} s
    </span>
  );
}

function Controls({ next, taking }: { next: Prompt; taking: Taking }) {
  const again = () => void recordTake(next);
  const isRecording = taking.is === 'recording';
  return (
    <div class="say-controls">
      {isRecording ? (
        <Button look="filled" icon="stop" onClick={finishTake}>
          Done
        </Button>
      ) : (
        <Button look="filled" icon="record" onClick={taking.is === 'opening' ? leaveTake : again}>
          {taking.is === 'opening' ? 'Opening …' : taking.is === 'failed' ? 'Try again' : 'Record'}
        </Button>
      )}
      {isTaking.value ? (
        <Button icon="again" onClick={again}>
          Again
        </Button>
      ) : (
        <FileButton accept="audio/*,video/*" onFiles={addFiles}>
          Use files
        </FileButton>
      )}
      <Button
        look="quiet"
        onClick={() => {
          leaveTake();
          skip();
        }}
      >
        Skip this one
      </Button>
      {isRecording && <Meter decibels={taking.level} />}
    </div>
  );
}

function AllSaid() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus(); // the button of the last take is gone
  }, []);
  return (
    <section class="say" aria-label="The next take">
      <p class="eyebrow quiet-words">{takes.value.length} takes recorded</p>
      <h1 class="sentence" tabIndex={-1} ref={heading}>
        Nothing is missing. <Word pieces={[{ text: 'all said' }]} weight={600} tone="text" />
      </h1>
      <p class="secondary">Choose a take below to hear it, or to say it again.</p>
      {trouble.value && <p class="error-words">{trouble.value}</p>}
    </section>
  );
}
