// a press → a sample: held for as long as the sound lasts, or pressed once to begin and once to end

import { useRef } from 'preact/hooks';
import { Icon } from '../../parts/icon.tsx';
import { type Class, labelOf } from '../../state/lessons.ts';
import { beginSample, endSample, sampling } from '../../state/sampling.ts';

/** What is let go of sooner goes on until the next press, in milliseconds. */
const TAP = 350;
const KEYS = [' ', 'Enter'];

/** The button. */
export function HoldButton({ one }: { one: Class }) {
  const pressedAt = useRef(0);
  const { value: now } = sampling;
  const isMine = now?.of === one;
  const press = () => {
    if (isMine) return endSample();
    pressedAt.current = performance.now();
    beginSample(one);
  };
  const release = () => {
    if (isMine && performance.now() - pressedAt.current > TAP) endSample();
  };
  const onKey = (event: KeyboardEvent) => {
    if (!KEYS.includes(event.key)) return;
    event.preventDefault(); // or it would be a click, too
    if (event.type === 'keyup') release();
    else if (!event.repeat) press();
  };
  return (
    <button
      type="button"
      class="button outlined small hold"
      aria-pressed={isMine}
      aria-label={`${isMine ? 'End' : 'Record'} a sample of ${labelOf(one)}${isMine ? '' : ': hold to record'}`}
      onPointerDown={({ button, currentTarget, pointerId }) => {
        if (button !== 0) return;
        currentTarget.setPointerCapture(pointerId);
        press();
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onContextMenu={(event) => event.preventDefault()} // a long touch
      onKeyDown={onKey}
      onKeyUp={onKey}
      onBlur={() => isMine && endSample()}
      onClick={({ detail }) => detail === 0 && press()} // of assistive technology, which knows no holding
    >
      <Icon name={isMine ? 'record' : 'microphone'} />
      {isMine ? (now.isOpening ? 'Opening …' : `${now.seconds.toFixed(1)} s`) : 'Hold to record'}
    </button>
  );
}
