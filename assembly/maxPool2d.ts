// feature maps → the largest value of each window, and back

import { loadSome, storeSome } from './vectors';

/**
 * Max pooling over windows that do not overlap.
 *
 * @param x [batch, height, width, channels]
 * @param top how much of the first windows lies above the image
 * @param left how much of the first windows lies before the image
 * @param y [batch, outHeight, outWidth, channels], written
 */
export function maxPool2dForward(
  x: usize,
  batch: usize,
  height: usize,
  width: usize,
  channels: usize,
  sizeY: usize,
  sizeX: usize,
  top: usize,
  left: usize,
  y: usize,
  outHeight: usize,
  outWidth: usize,
): void {
  const pixel = channels << 2;
  const line = width * pixel;
  for (let n: usize = 0; n < batch; n++, x += height * line) {
    for (let oy: usize = 0; oy < outHeight; oy++) {
      const firstY = start(oy, sizeY, top);
      const lines = min(height, (oy + 1) * sizeY - top) - firstY;
      for (let ox: usize = 0; ox < outWidth; ox++, y += pixel) {
        const firstX = start(ox, sizeX, left);
        const columns = min(width, (ox + 1) * sizeX - left) - firstX;
        const corner = x + firstY * line + firstX * pixel;
        for (let c: usize = 0; c < channels; c += 4) {
          let largest = f32x4.splat(-Infinity);
          for (let row: usize = 0; row < lines; row++) {
            let at = corner + row * line + (c << 2);
            for (let column: usize = 0; column < columns; column++, at += pixel) {
              largest = f32x4.max(largest, loadSome(at, channels - c));
            }
          }
          storeSome(y + (c << 2), largest, channels - c);
        }
      }
    }
  }
}

/**
 * The gradient of {@link maxPool2dForward}: it goes to the first of a window's inputs that equals the window's maximum. Every
 * input lies in one window, so every value of dx is written once.
 *
 * @param dx [batch, height, width, channels], written
 */
export function maxPool2dBackward(
  dy: usize,
  x: usize,
  y: usize,
  batch: usize,
  height: usize,
  width: usize,
  channels: usize,
  sizeY: usize,
  sizeX: usize,
  top: usize,
  left: usize,
  outHeight: usize,
  outWidth: usize,
  dx: usize,
): void {
  const pixel = channels << 2;
  const line = width * pixel;
  for (let n: usize = 0; n < batch; n++, x += height * line, dx += height * line) {
    for (let oy: usize = 0; oy < outHeight; oy++) {
      const firstY = start(oy, sizeY, top);
      const lines = min(height, (oy + 1) * sizeY - top) - firstY;
      for (let ox: usize = 0; ox < outWidth; ox++, y += pixel, dy += pixel) {
        const firstX = start(ox, sizeX, left);
        const columns = min(width, (ox + 1) * sizeX - left) - firstX;
        const corner = firstY * line + firstX * pixel;
        for (let c: usize = 0; c < channels; c += 4) {
          const count = channels - c;
          const largest = loadSome(y + (c << 2), count);
          let left = loadSome(dy + (c << 2), count); // the gradients that no input has got yet
          for (let row: usize = 0; row < lines; row++) {
            let at = corner + row * line + (c << 2);
            for (let column: usize = 0; column < columns; column++, at += pixel) {
              const equal = f32x4.eq(loadSome(x + at, count), largest);
              storeSome(dx + at, v128.and(left, equal), count);
              left = v128.andnot(left, equal);
            }
          }
        }
      }
    }
  }
}

/** Where a window starts within the image. */
function start(index: usize, size: usize, before: usize): usize {
  return index === 0 ? 0 : index * size - before;
}
