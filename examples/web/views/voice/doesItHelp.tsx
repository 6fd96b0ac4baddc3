// takes left out of the learning → before and after; the voice used, forgotten, taken along

import { Button, FileButton } from '../../parts/button.tsx';
import { focusOn } from '../../parts/focus.ts';
import { inWords, percent } from '../../state/figures.ts';
import { wilson } from '../../state/myVoice/interval.ts';
import { forget, forgotten, learn, learning, loadVoice, putAllBack, saveVoice } from '../../state/myVoice/learning.ts';
import { type Take, takes } from '../../state/myVoice/takes.ts';
import { canTry, hasSeveral, type Trial, trial, trialFailure, trying } from '../../state/myVoice/trial.ts';
import { settings } from '../../state/settings.ts';
import { ownVoice, refusal, voiceInUse } from '../../state/voice.ts';

/** The panel beside the take. */
export function DoesItHelp() {
  const all = takes.value;
  const shown = canTry(all) ? trial.value : undefined;
  return (
    <section class="panel does-it-help" aria-labelledby="does-it-help">
      <h2 id="does-it-help">Does it help?</h2>
      {shown ? <Tried {...shown} /> : <p class="secondary">{whatIsMissing(all)}</p>}
      <Trying />
      <WhatIsUsed />
      <Actions all={all} />
    </section>
  );
}

function whatIsMissing(all: readonly Take[]): string {
  if (canTry(all)) return 'Each take will be judged by a model that did not learn from it.';
  return 'Say two emotions or more, with two sentences or more. Then each take is judged by a model that did not learn from it, before and after.';
}

function Trying() {
  if (trialFailure.value) return <p class="error-words">It could not be tried: {trialFailure.value}</p>;
  const { value } = trying;
  if (!value) return null;
  return (
    <p class="secondary trying">
      <progress aria-label="Trying whether it helps" value={value.done} max={value.total} /> trying it with all takes …
    </p>
  );
}

function Tried({ before, after }: Trial) {
  const count = before.length;
  const right = (of: readonly boolean[]) => of.filter(Boolean).length;
  const { low, high } = wilson(right(after), count);
  const number = inWords(count);
  return (
    <>
      <p class="secondary">All {count} takes, each judged by a model that did not learn from it.</p>
      <Share name="before" recognised={before} />
      <Share name="after" recognised={after} />
      <p class="secondary small-print">
        One square is one take; filled means recognised. {number} takes are few: with your voice the true figure is
        likely between {percent(low)} and {percent(high)}.{' '}
        {right(after) > right(before)
          ? 'They were said on purpose, and in one sitting: of everyday speech expect less.'
          : 'So far it does not help: more takes of more emotions may.'}
      </p>
    </>
  );
}

function Share({ name, recognised }: { name: 'before' | 'after'; recognised: readonly boolean[] }) {
  const [right, count] = [recognised.filter(Boolean).length, recognised.length];
  return (
    <div class={`share ${name}`}>
      <p>
        <span class="share-name">{name}</span> <strong class="share-value">{percent(right / count)}</strong>
      </p>
      <Interval share={right / count} {...wilson(right, count)} />
      <p class="take-squares" role="img" aria-label={`${right} of ${count} takes recognised ${name} learning`}>
        {recognised.map((is, i) => (
          <i key={i} class={is ? 'filled' : undefined} />
        ))}
      </p>
    </div>
  );
}

const WIDTH = 128;

/** From 0 to 100 %: the share, and between which shares the true one likely is. */
function Interval({ share, low, high }: { share: number; low: number; high: number }) {
  const at = (value: number) => 1 + value * (WIDTH - 2);
  return (
    <svg class="interval" width={WIDTH} height="20" aria-hidden="true">
      <path d={`M1 4V16M1 10H${WIDTH - 1}M${WIDTH - 1} 4V16`} />
      <rect x={at(low)} y="2" width={Math.max(12, at(high) - at(low))} height="16" rx="8" />
      <circle cx={at(share)} cy="10" r="7" />
    </svg>
  );
}

function WhatIsUsed() {
  const { value: learnt } = ownVoice;
  if (!learnt) return refusal.value ? <p class="error-words">{refusal.value}</p> : null;
  const from = learnt.takes.length > 0 ? `It was learnt from ${learnt.takes.length} takes.` : 'It comes from a file.';
  const use = voiceInUse.value ? 'Your voice is in use, for recordings and live.' : 'Your voice is not in use.';
  return (
    <p class="in-use">
      {use} <span class="quiet-words">{from}</span>
    </p>
  );
}

function Actions({ all }: { all: readonly Take[] }) {
  const { value: state } = learning;
  const { value: learnt } = ownVoice;
  const isLearnt = learnt !== undefined && (all.length === 0 || learnt.takes.join() === all.map(({ id }) => id).join());
  const isInUse = voiceInUse.value !== undefined;
  const use = () => {
    if (isLearnt) settings.ownVoice.value = true;
    else void learn();
  };
  const back = () => {
    void putAllBack();
    focusOn('.does-it-help .outlined');
  };
  const leaveAll = () => {
    void forget();
    focusOn('.does-it-help .link');
  };
  const isThere = all.length > 0 || learnt !== undefined;
  return (
    <>
      <div class="actions">
        {isInUse && isLearnt ? (
          <Button small onClick={() => (settings.ownVoice.value = false)}>
            Stop using it
          </Button>
        ) : (
          <Button small look="filled" disabled={!isLearnt && !hasSeveral(all)} onClick={use}>
            {state.is === 'learning' ? 'Learning …' : isInUse ? `Learn all ${all.length} takes` : 'Use my voice'}
          </Button>
        )}
        {isThere && (
          <Button small icon="trash" onClick={leaveAll}>
            Forget it
          </Button>
        )}
      </div>
      {!isLearnt && !hasSeveral(all) && <p class="secondary">It takes two emotions or more to learn from.</p>}
      {state.is === 'failed' && <p class="error-words">{state.reason}</p>}
      {forgotten.value && !isThere && (
        <p class="secondary">
          Takes and what was learnt of them are removed from this device.{' '}
          <button type="button" class="link" onClick={back}>
            Put them back
          </button>
        </p>
      )}
      <div class="actions files">
        {learnt && (
          <Button small look="quiet" icon="download" onClick={() => saveVoice(learnt)}>
            Save as a file
          </Button>
        )}
        <FileButton small look="quiet" accept=".adaptation" onFiles={([file]) => file && void loadVoice(file)}>
          Load a file
        </FileButton>
      </div>
    </>
  );
}
