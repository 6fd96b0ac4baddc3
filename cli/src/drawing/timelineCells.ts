// overlapping windows with scores → rectangles that fill the time axis

/** A stretch of a recording, in seconds, with a probability for each label, if there is speech in it. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly scores?: readonly { readonly label: string; readonly score: number }[] | undefined;
}

/** One label's share of one stretch of time; the shares are stacked from 0 to 1, the same label always at the same place. */
export interface TimelineCell {
  readonly label: string;
  /** Seconds. */
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

/** Windows overlap; a point in time is given to the window whose middle is nearest. One without speech stays empty. */
export function timelineCells(segments: readonly Segment[], seconds: number): TimelineCell[] {
  const middles = segments.map(({ start, end }) => (start + end) / 2);
  return segments.flatMap(({ scores = [] }, i) => {
    const from = i === 0 ? 0 : (middles[i - 1]! + middles[i]!) / 2;
    const to = i === segments.length - 1 ? seconds : (middles[i]! + middles[i + 1]!) / 2;
    let high = 0;
    return [...scores]
      .sort((a, b) => (a.label < b.label ? -1 : 1))
      .map(({ label, score }) => {
        const low = high;
        high += score;
        return { label, from, to, low, high };
      });
  });
}
