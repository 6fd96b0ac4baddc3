// the name of an icon → its drawing, in the colour of the text around it

/** Lines in a box of 24 × 24. */
const LINES = {
  upload: 'M12 16V4M7 9l5-5 5 5M4 15v5h16v-5',
  download: 'M12 4v12M7 11l5 5 5-5M4 15v5h16v-5',
  microphone: 'M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5 11v1a7 7 0 0 0 14 0v-1M12 19v3',
  muted: 'M9 9v3a3 3 0 0 0 5 2M15 12V6a3 3 0 0 0-6-.5M5 11v1a7 7 0 0 0 11 5.7M19 11v1M12 19v3M4 4l16 16',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM5 21v-1a7 7 0 0 1 14 0v1',
  plus: 'M12 4v16M4 12h16',
  minus: 'M4 12h16',
  down: 'M6 9l6 6 6-6',
  left: 'M15 6l-6 6 6 6',
  lock: 'M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5',
  settings:
    'M3 8h9M18 8h3M3 16h3M12 16h9M15 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5ZM9 13.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z',
  eye: 'M2 12c2-4 6-6.5 10-6.5S20 8 22 12c-2 4-6 6.5-10 6.5S4 16 2 12ZM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z',
  close: 'M6 6l12 12M18 6 6 18',
  warning: 'M12 4 2.5 20h19zM12 10v5M12 17.2v.3',
  again: 'M20 11a8 8 0 1 0-2 6.5M20 4v7h-7',
  loop: 'M4 12V9a3 3 0 0 1 3-3h12M16 3l3 3-3 3M20 12v3a3 3 0 0 1-3 3H5M8 21l-3-3 3-3',
  trash: 'M4 7h16M10 7V4h4v3M6 7l1 13h10l1-13',
} as const;

const FILLED = {
  play: 'M8 5v14l12-7Z',
  pause: 'M7 5h4v14H7zM13 5h4v14h-4z',
  stop: 'M6 6h12v12H6z',
  record: 'M12 6a6 6 0 1 0 0 12 6 6 0 0 0 0-12Z',
} as const;

/** One of the page's icons. */
export type IconName = keyof typeof LINES | keyof typeof FILLED;

/** An icon; what it stands for is said by text, so that it is hidden from screen readers. */
export function Icon({ name }: { name: IconName }) {
  const isFilled = name in FILLED;
  return (
    <svg class={isFilled ? 'icon filled' : 'icon'} viewBox="0 0 24 24" aria-hidden="true">
      <path d={isFilled ? FILLED[name as keyof typeof FILLED] : LINES[name as keyof typeof LINES]} />
    </svg>
  );
}
