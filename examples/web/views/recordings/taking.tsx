// the recorder → a take in the making, or why there is none

import { Answer } from '../../parts/answer.tsx';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Meter } from '../../parts/meter.tsx';
import { clock } from '../../state/figures.ts';
import { dismissFailure, record, recorder, stopRecording } from '../../state/recorder.ts';

/** Fills the view while a take is recorded. */
export function Taking() {
  const { value } = recorder;
  if (value.is === 'failed') {
    return (
      <div class="one taking">
        <Answer
          name="Record"
          lead=""
          word={{ pieces: [{ text: 'can’t hear you' }], weight: 600, tone: 'text' }}
          threshold={0}
          lines={[value.reason]}
        >
          <Button small onClick={() => void record()}>
            Try again
          </Button>
          <Button small onClick={dismissFailure}>
            Use a recording
          </Button>
        </Answer>
        <div class="unread">
          <p class="unread-box">
            <Icon name="microphone" />
          </p>
        </div>
      </div>
    );
  }
  const seconds = value.is === 'recording' ? value.seconds : 0;
  return (
    <div class="one taking">
      <Answer
        name={
          <span class="recording-now">
            <Icon name="record" /> Recording
          </span>
        }
        lead={` · ${clock(seconds)}`}
        word={{ pieces: [{ text: value.is === 'opening' ? 'opening …' : 'listening …' }], weight: 200, tone: 'text' }}
        threshold={0}
        lines={['Say a sentence or two. The take stays in this page, and is heard when you are done.']}
      />
      <div class="ways-in">
        <div class="actions">
          <Button look="filled" icon="stop" onClick={stopRecording} disabled={value.is === 'opening'}>
            Done
          </Button>
        </div>
        <Meter decibels={value.is === 'recording' ? value.level : -100} />
      </div>
    </div>
  );
}
