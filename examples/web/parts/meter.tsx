// a level in decibels of full scale → a row of strokes, and whether it is right

const STROKES = 24;
const FLOOR = -60;

/** In words: what to do about it is plain. */
export function levelInWords(decibels: number): string {
  if (decibels < -45) return 'too quiet';
  return decibels > -8 ? 'too loud' : 'good level';
}

/** The meter; its words are for everyone. */
export function Meter({ decibels }: { decibels: number }) {
  const share = Math.min(1, Math.max(0, (decibels - FLOOR) / -FLOOR));
  return (
    <div class="meter">
      <span class="strokes" aria-hidden="true">
        {Array.from({ length: STROKES }, (_, i) => (
          <i key={i} class={i < share * STROKES ? 'on' : undefined} />
        ))}
      </span>
      <span class="secondary">{levelInWords(decibels)}</span>
    </div>
  );
}
