// choices → a button that opens a menu of them

import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ButtonProps } from './button.tsx';
import { Icon } from './icon.tsx';

/** Pixels between a menu and the edge of the window. */
const MARGIN = 16;

/** A choice of a menu. */
export interface MenuItem {
  readonly title: string;
  readonly text?: string | undefined;
  readonly onChoose: () => void;
}

/** A menu as WAI-ARIA describes it: arrows, home, end and escape; closed by a choice or by going elsewhere. */
export function Menu({ children, items, ...button }: { items: readonly MenuItem[] } & Omit<ButtonProps, 'onClick'>) {
  const [isOpen, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const id = useId();
  const entries = () => [...(whole.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  const close = () => {
    setOpen(false);
    whole.current?.querySelector('button')?.focus();
  };
  // As it is drawn, not after it is painted: the next key is for the menu already.
  useLayoutEffect(() => {
    if (isOpen) entries()[0]?.focus();
  }, [isOpen]);
  useLayoutEffect(() => {
    if (!isOpen) return undefined;
    const items = whole.current!.querySelector<HTMLElement>('.menu-items')!;
    let shift = 0;
    let frame = 0;
    place();
    return () => cancelAnimationFrame(frame);

    /** It stays within the window, wherever what is around it moves its button: no event tells of that. */
    function place() {
      const { left, right } = items.getBoundingClientRect();
      const beyond = Math.max(0, right - shift + MARGIN - document.documentElement.clientWidth);
      const moved = Math.max(-beyond, MARGIN - (left - shift));
      if (moved !== shift) items.style.translate = `${moved}px`;
      shift = moved;
      frame = requestAnimationFrame(place);
    }
  }, [isOpen]);
  useEffect(() => {
    const elsewhere = ({ target }: Event) => {
      if (!whole.current?.contains(target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', elsewhere);
    return () => document.removeEventListener('pointerdown', elsewhere);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === 'Escape') close();
    else if (event.key === 'Tab') setOpen(false);
    else if (to !== undefined) all.at(to % all.length)?.focus();
    if (event.key === 'Escape' || to !== undefined) event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the menu within, as it describes itself.
    <div class="menu" ref={whole} onKeyDown={isOpen ? onKeyDown : undefined}>
      <button
        type="button"
        class={['button', button.look ?? 'quiet', button.small && 'small'].filter(Boolean).join(' ')}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        disabled={button.disabled}
        onClick={() => setOpen(!isOpen)}
      >
        {button.icon && <Icon name={button.icon} />}
        {children}
        <Icon name="down" />
      </button>
      {isOpen && (
        <div role="menu" id={id} class="menu-items" aria-label={button.label}>
          {items.map(({ title, text, onChoose }) => (
            <button
              type="button"
              role="menuitem"
              tabIndex={-1}
              key={title}
              onClick={() => {
                close();
                onChoose();
              }}
            >
              <strong>{title}</strong>
              {text && <span>{text}</span>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
