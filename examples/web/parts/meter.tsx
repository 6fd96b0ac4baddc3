// a level in decibels of full scale → a row of strokes, and whether it is right

const STROKES = 24;
const FLOOR = -60;

/** In words: what to do about it is plain. */
function levelInWords(decibels: number): string {
  if (decibels < -45) return 'too quiet';
  return decibels > -8 ? 'too loud' : 'good level';
}

/** The meter; its words are for everyone, and for the loudness of the last seconds where that is known. */
export function Meter({ decibels, loudness = decibels }: { decibels: number; loudness?: number }) {
  const share = Math.min(1, Math.max(0, (decibels - FLOOR) / -FLOOR));
  return (
    <div class="meter">
      <span class="strokes" aria-hidden="true">
        {Array.from({ length: STROKES }, (_, i) => (
          <i key={i} class={i < share * STROKES ? 'on' : undefined} />
        ))}
      </span>
      <span class="secondary">{levelInWords(loudness)}</span>
    </div>
  );
}
