// a picture, a part of it and a theme → pixels on a canvas

import { colourMap, type Theme } from './colourMap.ts';
import { type Picture, SCALE } from './picture.ts';

/** What is painted, and how. */
export interface Painting {
  readonly picture: Picture;
  /** The part, in seconds. */
  readonly from: number;
  readonly to: number;
  readonly theme: Theme;
  /** How much of each level is shown, [columns, bands] in 0…1: what spoke for an answer. */
  readonly emphasis?: Float32Array | undefined;
}

/** Least share that is shown of what is not emphasised. */
const DIM = 0.28;

/** Paints the part over the whole canvas; what is not drawn yet has the page's colour. */
export function paint(canvas: HTMLCanvasElement, { picture, from, to, theme, emphasis }: Painting): void {
  const context = canvas.getContext('2d')!;
  context.clearRect(0, 0, canvas.width, canvas.height);
  const { columns, columnsPerSecond } = picture;
  const first = Math.max(0, Math.floor(from * columnsPerSecond));
  const last = Math.min(columns, Math.ceil(to * columnsPerSecond));
  if (last <= first) return;
  const image = pixels(picture, first, last, theme, emphasis);
  const source = new OffscreenCanvas(image.width, image.height);
  source.getContext('2d')!.putImageData(image, 0, 0);
  const perColumn = canvas.width / ((to - from) * columnsPerSecond);
  context.imageSmoothingQuality = 'high';
  const left = (first - from * columnsPerSecond) * perColumn;
  context.drawImage(source, left, 0, (last - first) * perColumn, canvas.height);
}

function pixels(
  { levels }: Picture,
  first: number,
  last: number,
  theme: Theme,
  emphasis: Float32Array | undefined,
): ImageData {
  const { bands } = SCALE;
  const map = colourMap(theme);
  const width = last - first;
  const image = new ImageData(width, bands);
  for (let x = 0; x < width; x++) {
    for (let band = 0; band < bands; band++) {
      const at = (first + x) * bands + band;
      const share = emphasis ? DIM + (1 - DIM) * emphasis[at]! : 1;
      const from = 3 * Math.round(share * levels[at]!);
      const to = 4 * ((bands - 1 - band) * width + x);
      for (let c = 0; c < 3; c++) image.data[to + c] = map[from + c]!;
      image.data[to + 3] = 255;
    }
  }
  return image;
}
