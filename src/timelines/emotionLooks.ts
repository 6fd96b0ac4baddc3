// an emotion → its colours, mark and pattern

/** What a label looks like in pictures: each of colour, mark and pattern tells it from the others. */
export interface EmotionLook {
  /** SVG path data in a box of 16 × 16. */
  readonly mark: string;
  /** What stands upon the mark, for labels that have no mark of their own. */
  readonly number?: number | undefined;
  /** What is laid over the colour. */
  readonly pattern: EmotionPattern;
  /** Colours on a light ground. */
  readonly light: EmotionColours;
  /** Colours on a dark ground. */
  readonly dark: EmotionColours;
}

/** Colours as `#rrggbb`. */
export interface EmotionColours {
  /** Of shapes. */
  readonly fill: string;
  /** Of outlines, and of words on the page. */
  readonly ink: string;
  /** Of text upon the fill. */
  readonly text: string;
  /** Of the pattern upon the fill. */
  readonly pattern: string;
}

/** A tile that repeats: the content of an SVG `<pattern>`. */
export interface EmotionPattern {
  /** What it looks like, in a word: another for each pattern. */
  readonly name: string;
  /** Width of the tile in pixels. */
  readonly width: number;
  /** Height of the tile in pixels. */
  readonly height: number;
  /** SVG path data; empty where there is no pattern. */
  readonly path: string;
  /** Width of its lines; 0 where it is filled. */
  readonly stroke: number;
}

/** What is not sure: two strands that cross, as SVG path data to be stroked, 2.5 wide, in a box of 16 × 16. */
export const UNSURE_MARK = {
  /** The strand that lies beneath. */
  under: 'M1.5 11.5C6 11.5 10 4.5 14.5 4.5',
  /** The strand that lies above. */
  over: 'M1.5 4.5C6 4.5 10 11.5 14.5 11.5',
} as const;

/** Where nobody speaks: three dots, as SVG path data to be filled, in a box of 16 × 16. */
export const SILENCE_MARK = [2.5, 8, 13.5].map((x) => `M${x - 1.5} 8a1.5 1.5 0 0 0 3 0a1.5 1.5 0 0 0 -3 0Z`).join('');

/** Colours of spectrograms from silence, which has the colour of the page, to the loudest sound; even in OKLab lightness. */
export const SPECTROGRAM_COLOURS = {
  /** For light pages. */
  light: ['#faf8f4', '#f0dccb', '#e0a98f', '#be6a70', '#84406b', '#472a57', '#17131f'],
  /** For dark pages. */
  dark: ['#100e14', '#2a1747', '#5e1f68', '#a02f63', '#dd5446', '#f59a3c', '#fcd980', '#fff8e6'],
} as const;

const PATTERNS = {
  zigzag: { name: 'zigzag', width: 12, height: 12, path: 'M-1.2 9L0 11L6 1L12 11L13.2 9', stroke: 1.2 },
  dots: {
    ...{ name: 'dots', width: 12, height: 18, stroke: 0 },
    path: 'M1.4 4.5a1.6 1.6 0 0 0 3.2 0a1.6 1.6 0 0 0 -3.2 0ZM7.4 13.5a1.6 1.6 0 0 0 3.2 0a1.6 1.6 0 0 0 -3.2 0Z',
  },
  plus: { name: 'plus', width: 16, height: 16, path: 'M1.2 4H6.8M4 1.2V6.8M9.2 12H14.8M12 9.2V14.8', stroke: 1.8 },
  upright: { name: 'upright', width: 8, height: 8, path: 'M4 0V8', stroke: 1.3 },
  crosshatch: { name: 'crosshatch', width: 10, height: 10, path: 'M-1 -1L11 11M-1 11L11 -1', stroke: 1.2 },
  falling: { name: 'falling', width: 12, height: 12, path: 'M-1 -1L13 13M-1 11L1 13M11 -1L13 1', stroke: 1.6 },
  waves: { name: 'waves', width: 24, height: 10, path: 'M0 2.5C4 2.5 8 7.5 12 7.5C16 7.5 20 2.5 24 2.5', stroke: 1.4 },
  none: { name: 'none', width: 8, height: 8, path: '', stroke: 0 },
} as const satisfies Record<string, EmotionPattern>;

/** Light fill and ink, dark fill and ink. */
type Four = readonly [fill: string, ink: string, darkFill: string, darkInk: string];

const [INK, PAPER] = ['#17131f', '#ffffff'];

/** Dark text and lines upon pale fills, pale ones upon deep fills. */
function look(mark: string, pattern: EmotionPattern, depth: 'pale' | 'deep', [fill, ink, ...dark]: Four): EmotionLook {
  const text = depth === 'pale' ? INK : PAPER;
  const colours = (own: string, outline: string): EmotionColours => {
    return { fill: own, ink: outline, text, pattern: mixed(own, text, depth === 'pale' ? 0.32 : 0.42) };
  };
  return { mark, pattern, light: colours(fill, ink), dark: colours(...dark) };
}

/** What the eight emotions of RAVDESS look like; other labels get their looks from {@link looksOf}. */
export const EMOTION_LOOKS: Readonly<Record<string, EmotionLook>> = {
  neutral: look(
    'M1.6 5.2H14.4A.8 .8 0 0 1 15.2 6V10A.8 .8 0 0 1 14.4 10.8H1.6A.8 .8 0 0 1 .8 10V6A.8 .8 0 0 1 1.6 5.2Z',
    ...([PATTERNS.none, 'deep', ['#6d6a77', '#5f5c68', '#8a8793', '#bdbac6']] as const),
  ),
  calm: look(
    'M.8 8.4C2.6 4.6 5.7 4.3 8 6.5C9.9 8.3 11.7 8.2 12.9 6.1L15.2 7.6C13.4 11.4 10.3 11.7 8 9.5C6.1 7.7 4.3 7.8 3.1 9.9Z',
    ...([PATTERNS.waves, 'pale', ['#63d0e6', '#0b6a7e', '#86eef8', '#86eef8']] as const),
  ),
  happy: look(
    'M1 8A7 7 0 0 1 15 8A7 7 0 0 1 1 8Z',
    ...([PATTERNS.dots, 'pale', ['#f7c93b', '#835e00', '#fadb6a', '#fadb6a']] as const),
  ),
  sad: look(
    'M8 .8C8 .8 13.2 6.6 13.2 10.1A5.2 5.2 0 0 1 2.8 10.1C2.8 6.6 8 .8 8 .8Z',
    ...([PATTERNS.falling, 'deep', ['#1673d6', '#0f5cb3', '#4a90f2', '#7fb2ff']] as const),
  ),
  angry: look(
    'M8 1.4L15 14.2H1Z',
    ...([PATTERNS.zigzag, 'deep', ['#cf2a1e', '#b5221a', '#ea3f33', '#ff7b6b']] as const),
  ),
  fearful: look(
    'M8 .8L14 8L8 15.2L2 8Z',
    ...([PATTERNS.upright, 'deep', ['#6b1f99', '#5e1a88', '#8b45c9', '#c08bf2']] as const),
  ),
  disgust: look(
    'M3.5 1.2L8 5.7L12.5 1.2L14.8 3.5L10.3 8L14.8 12.5L12.5 14.8L8 10.3L3.5 14.8L1.2 12.5L5.7 8L1.2 3.5Z',
    ...([PATTERNS.crosshatch, 'pale', ['#93ae3c', '#4c6612', '#9cbd4c', '#a6cc55']] as const),
  ),
  surprised: look(star(8, 7.5, 4), ...([PATTERNS.plus, 'pale', ['#f88ca6', '#b0305f', '#ff9db8', '#ff9db8']] as const)),
};

const SQUARE = 'M4 1H12A3 3 0 0 1 15 4V12A3 3 0 0 1 12 15H4A3 3 0 0 1 1 12V4A3 3 0 0 1 4 1Z';
/** The order in which labels of one's own get colours: those that differ most come first. */
const OWN_ORDER = ['sad', 'happy', 'neutral', 'angry', 'calm', 'fearful', 'surprised', 'disgust'] as const;

/**
 * What labels look like: emotions of RAVDESS as in {@link EMOTION_LOOKS}, others as squares with their number, in the colours that are
 * left; when all are taken, in deeper ones with other patterns.
 *
 * @param labels in the order in which they are numbered
 *
 * @example
 * const { yes, no } = looksOf(['yes', 'no']);
 */
export function looksOf(labels: readonly string[]): Record<string, EmotionLook> {
  const isKnown = (label: string) => Object.hasOwn(EMOTION_LOOKS, label);
  const free = OWN_ORDER.filter((emotion) => !labels.includes(emotion));
  const own = labels.filter((label) => !isKnown(label));
  const looks = labels.map((label, i) => {
    return [label, isKnown(label) ? EMOTION_LOOKS[label]! : ownLook(own.indexOf(label), i + 1, free)] as const;
  });
  return Object.fromEntries(looks);
}

function ownLook(index: number, number: number, free: readonly (typeof OWN_ORDER)[number][]): EmotionLook {
  const place = index < free.length ? free[index]! : OWN_ORDER[(index - free.length) % OWN_ORDER.length]!;
  const { pattern, light, dark } = EMOTION_LOOKS[place]!;
  if (index < free.length) return { mark: SQUARE, number, pattern, light, dark };
  const other = EMOTION_LOOKS[OWN_ORDER[(OWN_ORDER.indexOf(place) + 3) % OWN_ORDER.length]!]!.pattern;
  return { mark: SQUARE, number, pattern: other, light: deeper(light), dark: deeper(dark) };
}

function deeper({ fill, ink }: EmotionColours): EmotionColours {
  const own = mixed(fill, '#000000', 0.45);
  return { fill: own, ink, text: PAPER, pattern: mixed(own, PAPER, 0.42) };
}

/** A star with so many points, as SVG path data. */
function star(points: number, outer: number, inner: number): string {
  const corners = Array.from({ length: 2 * points }, (_, i) => {
    const [radius, angle] = [i % 2 === 0 ? outer : inner, (Math.PI * i) / points];
    return `${(8 + radius * Math.sin(angle)).toFixed(2)} ${(8 - radius * Math.cos(angle)).toFixed(2)}`;
  });
  return `M${corners.join('L')}Z`;
}

/** So much of the second colour in the first. */
function mixed(one: string, other: string, share: number): string {
  const channel = (colour: string, i: number) => Number.parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16);
  const channels = [0, 1, 2].map((i) => Math.round((1 - share) * channel(one, i) + share * channel(other, i)));
  return `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
