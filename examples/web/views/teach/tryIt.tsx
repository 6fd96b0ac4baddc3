// the model that was taught or loaded → what it hears at the microphone, and what can be done with it

import { useRef } from 'preact/hooks';
import { Button, FileButton } from '../../parts/button.tsx';
import { Gauge } from '../../parts/gauge.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Meter } from '../../parts/meter.tsx';
import { Word, type WordProps, weightOf } from '../../parts/word.tsx';
import { percent } from '../../state/figures.ts';
import type { Heard } from '../../state/heard.ts';
import { downloadModel, useForRecordings } from '../../state/models.ts';
import { forgetOwnModel, loading, loadOwnModel, type OwnModel, ownModel } from '../../state/teaching.ts';
import { stopTrying, thresholdOf, tryModel, tryOut } from '../../state/tryOut.ts';
import { LiveStage } from '../live/liveStage.tsx';

/** What files models are kept in. */
const MODEL_FILES = '.zip,.json,.bin';

/** The right of the view. */
export function TryIt() {
  const { value: model } = ownModel;
  const whole = useRef<HTMLElement>(null);
  const forget = () => {
    stopTrying();
    void forgetOwnModel();
    whole.current?.focus(); // the button that had the focus is gone
  };
  return (
    <section class="try-it" ref={whole} tabIndex={-1} aria-label="Try it" data-is={tryOut.state.value.is}>
      {model ? <Trying {...{ model, forget }} /> : <NothingYet />}
      {loading.value && (
        <p
          class={loading.value.isWrong ? 'error-words' : 'secondary'}
          role={loading.value.isWrong ? 'alert' : undefined}
        >
          {loading.value.words}
        </p>
      )}
    </section>
  );
}

function LoadButton() {
  return (
    <FileButton look="quiet" small accept={MODEL_FILES} onFiles={(files) => void loadOwnModel(files)}>
      Load a model
    </FileButton>
  );
}

function NothingYet() {
  return (
    <>
      <div class="try-top">
        <h2>Try it</h2>
      </div>
      <p class="unread-box try-empty">What it hears appears here, as soon as it is trained.</p>
      <div class="actions">
        <LoadButton />
      </div>
    </>
  );
}

function Trying({ model, forget }: { model: OwnModel; forget: () => void }) {
  const { value: state } = tryOut.state;
  const isOn = state.is === 'opening' || state.is === 'listening';
  const threshold = thresholdOf(undefined);
  return (
    <>
      <div class="try-top">
        <h2>Try it</h2>
        {state.is === 'listening' && (
          <span class="recording-now">
            <Icon name="record" /> Listening
          </span>
        )}
        {state.is === 'listening' && (
          <span aria-hidden="true" class="try-meter">
            <Meter decibels={tryOut.level.value} />
          </span>
        )}
        <Button
          small
          icon={isOn ? 'stop' : 'microphone'}
          onClick={() => (isOn ? stopTrying() : void tryModel(model.name))}
        >
          {isOn ? 'Stop' : 'Listen'}
        </Button>
      </div>
      <TryAnswer {...{ model, threshold }} />
      <LiveStage seen={tryOut.seen} threshold={threshold} />
      <div class="actions">
        <Button small icon="download" onClick={() => void downloadModel(model.name)}>
          Download the model
        </Button>
        <Button small look="quiet" onClick={() => useForRecordings(model.name)}>
          Use it for recordings
        </Button>
        <LoadButton />
        <Button small look="quiet" icon="trash" onClick={forget}>
          Forget it
        </Button>
      </div>
      <p class="secondary">
        Kept in this browser as “{model.name}” until you forget it; it can be chosen in the settings. Sharing the file
        shares what it learnt from your voice.
      </p>
    </>
  );
}

function TryAnswer({ model, threshold }: { model: OwnModel; threshold: number }) {
  const { value: state } = tryOut.state;
  const { value: heard } = tryOut.heard;
  if (state.is === 'failed') {
    return (
      <div class="try-answer">
        <Word pieces={[{ text: 'can’t hear you' }]} weight={600} tone="text" />
        <p class="secondary">{state.reason}</p>
      </div>
    );
  }
  const isSure = heard?.is === 'sure';
  return (
    <div class="try-answer">
      <Word {...wordFor(heard, state.is, model)} />
      {isSure && <Gauge share={heard.first.score} threshold={threshold} emotion={heard.first.label} />}
      {isSure && (
        <p class="certainty-share">
          <strong>{percent(heard.first.score)}</strong> sure
        </p>
      )}
    </div>
  );
}

function wordFor(heard: Heard | undefined, is: string, { labels }: OwnModel): WordProps {
  if (!heard || heard.is === 'noSpeech') {
    if (is === 'off') return { pieces: [{ text: labels.join(' or ').slice(0, 40) }], weight: 200, tone: 'quiet' };
    return { pieces: [{ text: is === 'opening' ? 'opening …' : 'listening …' }], weight: 200, tone: 'text' };
  }
  const { first, second } = heard;
  const one = { text: first.label, emotion: first.label };
  if (heard.is === 'sure' || !second) return { pieces: [one], weight: weightOf(first.score), tone: 'fill' };
  return { pieces: [one, { text: ' or ' }, { text: second.label, emotion: second.label }], weight: 300, tone: 'ink' };
}
