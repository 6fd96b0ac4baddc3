// label → colour, the same on every chart

import { looksOf } from 'speech-emotion/timelines';

/** A colour for each label, in alphabetical order, as ribbons have it. */
export function labelColours(
  labels: readonly string[],
  theme: 'light' | 'dark',
): { domain: string[]; range: string[] } {
  const domain = [...labels].sort();
  const looks = looksOf(domain);
  return { domain, range: domain.map((label) => looks[label]![theme].fill) };
}
