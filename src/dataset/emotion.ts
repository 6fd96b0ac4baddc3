// the emotions of RAVDESS → the labels of recordings and of models

/**
 * The eight emotions of RAVDESS, in the order of their codes 01 to 08 in file names.
 *
 * The index of an emotion in this list is its class index in models that are trained on RAVDESS.
 *
 * @see Livingstone & Russo (2018), The Ryerson Audio-Visual Database of Emotional Speech and Song, PLoS ONE 13(5): e0196391
 */
export const EMOTIONS = ['neutral', 'calm', 'happy', 'sad', 'angry', 'fearful', 'disgust', 'surprised'] as const;

/** One of the eight {@link EMOTIONS} of RAVDESS. */
export type Emotion = (typeof EMOTIONS)[number];
