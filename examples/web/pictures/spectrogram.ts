// [frames, bins] → an image, one column per frame, low frequencies at the bottom

import type { FeatureMatrix } from 'speech-emotion';
import { evidencePalette, soundPalette } from './palette.ts';

/** Decibels from the floor of the features, which is black, to the brightest. */
const RANGE_DB = 55;

/** The features as the model takes them in. */
export function soundColumns({ values, frames, bins }: FeatureMatrix, floor: Float32Array): ImageData {
  return columns(frames, bins, soundPalette(), (frame, bin) => (values[frame * bins + bin]! - floor[bin]!) / RANGE_DB);
}

/** The evidence for and against a label, brightest where it is strongest. */
export function evidenceColumns({ values, frames, bins }: FeatureMatrix): ImageData {
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-12);
  // The square root, since a few points have most of the evidence.
  const strength = (value: number) => Math.sign(value) * Math.sqrt(Math.abs(value) / most);
  return columns(frames, bins, evidencePalette(), (frame, bin) => 0.5 + 0.5 * strength(values[frame * bins + bin]!));
}

function columns(
  frames: number,
  bins: number,
  palette: Uint8ClampedArray,
  lightness: (frame: number, bin: number) => number,
): ImageData {
  const image = new ImageData(frames, bins);
  for (let frame = 0; frame < frames; frame++) {
    for (let bin = 0; bin < bins; bin++) {
      const at = 4 * Math.round(255 * Math.min(1, Math.max(0, lightness(frame, bin))));
      image.data.set(palette.subarray(at, at + 4), 4 * ((bins - 1 - bin) * frames + frame));
    }
  }
  return image;
}

/** An image that scrolls to the left as columns are added. */
export class ScrollingPicture {
  readonly #context: CanvasRenderingContext2D;
  readonly #columns: number;

  constructor(canvas: HTMLCanvasElement, columns: number, rows: number) {
    canvas.width = columns;
    canvas.height = rows;
    this.#columns = columns;
    this.#context = canvas.getContext('2d')!;
    this.#context.fillRect(0, 0, columns, rows);
  }

  /** Adds columns at the right. */
  add(image: ImageData): void {
    const { canvas } = this.#context;
    this.#context.drawImage(canvas, -image.width, 0);
    this.#context.putImageData(image, this.#columns - image.width, 0);
  }
}
