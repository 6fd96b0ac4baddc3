// an answer's words, a certainty → the largest words of the page, as heavy as the model is sure

/** A piece of an answer: an emotion has its colour, other words that of the text. */
interface WordPiece {
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

/** More letters than this are narrower. */
const FITTING = 8;

/** About how wide a letter is, in ems, where it is narrow: heavier ones are wider. */
function letterWidth(weight: number): number {
  return 0.22 + (0.14 * (weight - 200)) / 600;
}

/** The words; of many letters, as large as there is room for. */
export function Word({ pieces, weight, tone }: WordProps) {
  const words = pieces.map(({ text }) => text).join('');
  const { length } = words;
  return (
    <span
      key={words}
      class={`word ${tone} ${length > FITTING ? 'long' : ''}`}
      style={{ fontWeight: Math.round(weight), '--ems': length * letterWidth(weight) }}
    >
      <span>
        {pieces.map(({ text, emotion }) => (
          <span key={text} data-emotion={emotion}>
            {text}
          </span>
        ))}
      </span>
    </span>
  );
}
