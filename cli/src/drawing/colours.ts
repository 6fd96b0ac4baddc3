// label → colour, the same on every chart

/** Okabe and Ito (2008): eight colours that colour-blind readers can tell apart on light and dark grounds. */
const EMOTION_COLOURS: Readonly<Record<string, string>> = {
  neutral: '#999999',
  calm: '#56b4e9',
  happy: '#f0e442',
  sad: '#0072b2',
  angry: '#d55e00',
  fearful: '#cc79a7',
  disgust: '#009e73',
  surprised: '#e69f00',
};

/** A colour for each label. Labels that are not emotions of RAVDESS get the same colours in alphabetical order. */
export function labelColours(labels: readonly string[]): { domain: string[]; range: string[] } {
  const domain = [...labels].sort();
  const palette = Object.values(EMOTION_COLOURS);
  const known = domain.every((label) => label in EMOTION_COLOURS);
  const range = domain.map((label, i) => (known ? EMOTION_COLOURS[label]! : palette[i % palette.length]!));
  return { domain, range };
}
