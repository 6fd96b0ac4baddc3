// lessons → the button that trains, and beneath it how well it went

import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { inWords } from '../../state/figures.ts';
import { fault } from '../../state/lessons.ts';
import { layers, type OwnModel, ownModel, rightOf, stopTeaching, teach, teaching } from '../../state/teaching.ts';
import { tryModel } from '../../state/tryOut.ts';

/** The card in the middle. The button stays where it is, so that focus does. */
export function TrainCard() {
  const { value: state } = teaching;
  const { value: model } = ownModel;
  const isWorking = state.is === 'working';
  const isShown = useRef(false);
  const train = async () => {
    const before = ownModel.peek();
    await teach();
    if (isShown.current && ownModel.peek() !== before) void tryModel(ownModel.peek()!.name);
  };
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false; // nobody is listened to whose view is another
    };
  }, []);
  return (
    <section class="train-card" aria-label="Training" aria-busy={isWorking}>
      <Button
        look="filled"
        disabled={!isWorking && fault.value !== undefined}
        onClick={() => (isWorking ? stopTeaching() : void train())}
      >
        {isWorking ? 'Cancel' : model?.result ? 'Train again' : 'Train'}
      </Button>
      {isWorking && (
        <>
          <progress aria-label="Progress of the training" max={1} value={state.share} />
          <p class="secondary">{state.words}</p>
        </>
      )}
      {!isWorking && fault.value && <p class="secondary">{fault.value}</p>}
      {state.is === 'failed' && (
        <p class="error-words" role="alert">
          {state.reason}
        </p>
      )}
      {!isWorking && model?.result && <Result result={model.result} />}
      <label class="all-layers secondary">
        <input
          type="checkbox"
          checked={layers.value === 'all'}
          disabled={isWorking}
          onChange={({ currentTarget }) => (layers.value = currentTarget.checked ? 'all' : 'head')}
        />
        All layers, not the last alone: slower, for many samples
      </label>
    </section>
  );
}

function Result({ result }: { result: NonNullable<OwnModel['result']> }) {
  const { heldOut, seconds, leftOut } = result;
  return (
    <>
      <p class="train-count">
        {rightOf(result)} of {heldOut.length}
      </p>
      <p class="secondary">held-out samples right, after {seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s</p>
      <p class="squares" aria-hidden="true">
        {heldOut.map(({ label, heard }, i) => (
          <i key={i} class={label === heard ? 'right' : undefined} title={`${label}, heard as ${heard}`} />
        ))}
      </p>
      <p class="secondary">{missesIn(heldOut)}</p>
      {leftOut.length > 0 && <p class="secondary">Left out: {leftOut.join('; ')}.</p>}
    </>
  );
}

/** `One “no” heard as “yes”.`: the most frequent mistake first. */
function missesIn(heldOut: NonNullable<OwnModel['result']>['heldOut']): string {
  const counts = new Map<string, number>();
  for (const { label, heard } of heldOut) {
    const mistake = `“${label}” heard as “${heard}”`;
    if (label !== heard) counts.set(mistake, (counts.get(mistake) ?? 0) + 1);
  }
  if (counts.size === 0) return 'It did not learn from these.';
  const all = [...counts].sort(([, a], [, b]) => b - a);
  return `${all.map(([mistake, count], i) => `${i === 0 ? inWords(count) : inWords(count).toLowerCase()} ${mistake}`).join(', ')}.`;
}
