// how finely the page listens

/** Length of a segment in seconds: shorter than a clip of the training data, so that a change shows sooner. */
export const WINDOW_SECONDS = 1.5;

/** From one segment to the next, in seconds. */
export const HOP_SECONDS = 0.25;

/** The same for long recordings, of which half as many can be seen anyway. */
export const LONG = { fromSeconds: 120, hopSeconds: 0.5 } as const;
