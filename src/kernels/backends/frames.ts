// number of frames, direction → frames in the order of reading

/** A frame and the one before it. */
export interface FrameIndex {
  readonly t: number;
  /** The frame that is read before t; undefined for the first. */
  readonly previous: number | undefined;
}

/** The frames of a sequence, in the order in which they are read. */
export function framesOf(frames: number, reverse: boolean): FrameIndex[] {
  const order = Array.from({ length: frames }, (_, step) => (reverse ? frames - 1 - step : step));
  return order.map((t, step) => ({ t, previous: order[step - 1] }));
}
