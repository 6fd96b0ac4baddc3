// classes → a card for each, and the ribbons that lead from them to the training

import { useRef } from 'preact/hooks';
import { focusOn } from '../../parts/focus.ts';
import { Icon } from '../../parts/icon.tsx';
import { addClass, type Class, classes, removeClass } from '../../state/lessons.ts';
import { ClassCard } from './classCard.tsx';
import { Flows } from './flows.tsx';

/** The left of the view. */
export function Lessons() {
  const whole = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const remove = (one: Class) => {
    removeClass(one);
    whole.current?.querySelector<HTMLElement>('.add-class')?.focus(); // the button that had the focus is gone
  };
  const add = () => {
    addClass();
    focusOn('.lessons li:last-child input');
  };
  return (
    <>
      <div class="lessons" ref={whole}>
        <ul ref={list}>
          {classes.value.map((one, i) => (
            <ClassCard key={one.id} {...{ one }} isLast={i === classes.value.length - 1} onRemove={remove} />
          ))}
        </ul>
        <button type="button" class="add-class" onClick={add}>
          <Icon name="plus" />
          Add a class
        </button>
      </div>
      <Flows cards={list} />
    </>
  );
}
