// an answer's words, a certainty → the largest words of the page, as heavy as the model is sure

/** A piece of an answer: an emotion has its colour, other words that of the text. */
export interface WordPiece {
  readonly text: string;
  readonly emotion?: string | undefined;
}

/** What the largest words take. */
export interface WordProps {
  readonly pieces: readonly WordPiece[];
  readonly weight: number;
  /** `fill`: the emotion's colour, with an outline where it is pale; `ink`: that of small words; `text`, `quiet`: no emotion. */
  readonly tone: 'fill' | 'ink' | 'text' | 'quiet';
}

/** Certainty → weight of the letters: 50 % → 309, 82 % → 658, 95 % → 800. */
export function weightOf(certainty: number): number {
  return Math.min(800, Math.max(200, 200 + ((certainty - 0.4) / 0.55) * 600));
}

/** Letters that fit at full size; more of them are narrower and smaller. */
const FITTING = 8;

/** The words. */
export function Word({ pieces, weight, tone }: WordProps) {
  const words = pieces.map(({ text }) => text).join('');
  const size = words.length > 2 * FITTING ? 'longest' : words.length > FITTING ? 'long' : 'short';
  return (
    <span class={`word ${tone} ${size}`} style={{ fontWeight: Math.round(weight) }} key={words}>
      {pieces.map(({ text, emotion }) => (
        <span key={text} data-emotion={emotion}>
          {text}
        </span>
      ))}
    </span>
  );
}
