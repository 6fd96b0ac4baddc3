// recognised of so many → between which shares the true one is likely to be

/** 95 % of a normal distribution lie within so many standard deviations. */
const Z = 1.959964;

/** Wilson's score interval: holds for few and for shares near 0 and 1, too. */
export function wilson(recognised: number, of: number): { readonly low: number; readonly high: number } {
  const share = recognised / of;
  const centre = (share + Z ** 2 / (2 * of)) / (1 + Z ** 2 / of);
  const half = (Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2))) / (1 + Z ** 2 / of);
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
