// a take's number → what is said; an emotion → how

/** What is said, a sentence for each take of an emotion: nothing in the words themselves is sad or glad. */
export const SENTENCES = [
  'The keys are on the kitchen table.',
  'The train leaves from the other side.',
  'I put the letter into the top drawer.',
] as const;

/** So many takes of each emotion. */
export const ROUNDS = SENTENCES.length;

const WAYS: Readonly<Record<string, string>> = {
  angry: 'angrily',
  happy: 'happily',
  surprised: 'with surprise',
  fearful: 'fearfully',
  disgust: 'with disgust',
  sad: 'sadly',
  calm: 'calmly',
  neutral: 'plainly',
};

/** The usual emotions, in the order in which they are asked for. */
export const USUAL = Object.keys(WAYS);

/** Sad → sadly; labels of other models are given as they are. */
export function wayOf(label: string): string {
  return WAYS[label] ?? `as “${label}”`;
}
