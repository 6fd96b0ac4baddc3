// the microphone → the word, the picture of the last seconds, the session so far

import { useEffect } from 'preact/hooks';
import { Answer } from '../../parts/answer.tsx';
import { Bars } from '../../parts/bars.tsx';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Meter } from '../../parts/meter.tsx';
import { exportsOf } from '../../state/exports.ts';
import { clock, duration } from '../../state/figures.ts';
import { type LiveState, leaveLive, listen, live, type Report, stopListening } from '../../state/live.ts';
import { SESSION_NAME, sessionSoFar } from '../../state/liveExport.ts';
import { microphoneName } from '../../state/microphones.ts';
import { recordings, thresholdFor } from '../../state/recordings.ts';
import { addressOf, go } from '../../state/route.ts';
import { settings } from '../../state/settings.ts';
import { liveAnswer } from './liveAnswer.ts';
import { LiveStage } from './liveStage.tsx';
import { SessionTable } from './sessionTable.tsx';
import { WholeStage } from './wholeStage.tsx';

/** The live view. Who leaves it is no longer listened to. */
export function LiveView() {
  useEffect(() => leaveLive, []);
  const state = live.state.value;
  const report = live.report.value;
  const isHeard = report !== undefined && report.spans.length > 0;
  const isOver = (state.is === 'over' || state.is === 'failed') && isHeard;
  return (
    <div class="one live" data-is={state.is}>
      <TheAnswer {...{ state, report }} />
      <WaysIn state={state} />
      {state.is === 'failed' && !isHeard && <NoMicrophone />}
      {isOver && <WholeStage threshold={report.threshold} />}
      {!isOver && state.is !== 'failed' && (
        <LiveStage seen={live.seen} threshold={report?.threshold ?? thresholdFor(undefined)} />
      )}
      <SoFar {...{ state, report: isHeard ? report : undefined }} />
    </div>
  );
}

function TheAnswer({ state, report }: { state: LiveState; report: Report | undefined }) {
  const { lead, certain, lines, ...word } = liveAnswer(state, report, live.isMute.value);
  const name = state.is === 'listening' ? <Listening report={report} /> : state.is === 'over' ? 'Your session' : 'Live';
  return (
    <Answer {...{ name, lead, word, certain, lines }} threshold={report?.threshold ?? 0}>
      {state.is === 'failed' && (
        <Button small onClick={() => go('recordings')}>
          Use a recording
        </Button>
      )}
    </Answer>
  );
}

function Listening({ report }: { report: Report | undefined }) {
  return (
    <span class="live-name">
      <Icon name="record" /> Listening{' '}
      <span aria-hidden="true">
        <Meter decibels={live.level.value} loudness={live.loudness.value} />
      </span>
      <span class="live-time">{clock(report?.seconds ?? 0)}</span>
    </span>
  );
}

/** One button, which stays where it is, so that focus does. */
function WaysIn({ state: { is } }: { state: LiveState }) {
  const isOn = is === 'opening' || is === 'listening';
  const words = { idle: 'Listen', opening: 'Cancel', listening: 'Stop', over: 'Listen again', failed: 'Try again' }[is];
  return (
    <div class="ways-in">
      <div class="actions">
        <Button
          look="filled"
          icon={isOn ? 'stop' : 'microphone'}
          onClick={() => (isOn ? stopListening() : void listen())}
        >
          <span>
            {words}
            {is === 'listening' && <span class="only-phone"> listening</span>}
          </span>
        </Button>
      </div>
      <p class="secondary">Microphone: {microphoneName(settings.microphone.value)}</p>
    </div>
  );
}

function NoMicrophone() {
  return (
    <div class="unread">
      <p class="unread-box">
        <Icon name="muted" />
      </p>
    </div>
  );
}

function SoFar({ state, report }: { state: LiveState; report: Report | undefined }) {
  return (
    <div class="columns">
      <section class="session-part">
        <div class="session-top">
          <h2>This session</h2>
          {report && (
            <p class="secondary">
              {inSeconds(report.seconds)}, of which {inSeconds(report.speechSeconds)} speech
            </p>
          )}
          {report && (
            <div class="menu-end">
              <Menu label="Export" icon="download" items={exportsOf(SESSION_NAME, sessionSoFar)}>
                Export
              </Menu>
            </div>
          )}
        </div>
        {report ? (
          <SessionTable report={report} isLive={state.is === 'listening'} />
        ) : (
          <p class="secondary">Every word that the page shows will stand here, with when and for how long.</p>
        )}
      </section>
      <section>
        <div class="session-top">
          <h2>Share of the speech</h2>
        </div>
        {report && report.shares.length > 0 && <Bars shares={report.shares} label="Share of the speech" />}
        <Notes dropped={report?.dropped ?? 0} />
      </section>
    </div>
  );
}

const inSeconds = (seconds: number) => (seconds < 60 ? `${Math.round(seconds)} s` : duration(seconds));

function Notes({ dropped }: { dropped: number }) {
  const waiting = recordings.value.filter(({ progress }) => ['waiting', 'reading'].includes(progress.value.is)).length;
  return (
    <div class="live-notes secondary">
      {waiting > 0 && (
        <p>
          <a href={addressOf('recordings')}>Recordings</a> are heard meanwhile: {waiting} to go.
        </p>
      )}
      {dropped > 0 && <p>{dropped} segments were left out: this device is too slow for all of them.</p>}
      <p>
        The word changes only when a new emotion has held for a second. Nothing is recorded: when you close this page,
        it is gone.
      </p>
      <p>
        The microphone is listened to as it is: the browser is asked not to suppress noise, cancel echo or adjust the
        gain, since they carry emotion. Several channels are mixed to one.
      </p>
    </div>
  );
}
