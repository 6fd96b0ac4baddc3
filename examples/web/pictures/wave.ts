// samples → the outline of a wave

/** Draws the least and the greatest sample of each column of the canvas. */
export function drawWave(canvas: HTMLCanvasElement, samples: Float32Array, colour: string): void {
  const { width, height } = Object.assign(canvas, { width: 1000, height: 80 });
  const context = canvas.getContext('2d')!;
  context.clearRect(0, 0, width, height);
  context.fillStyle = colour;
  const most = samples.reduce((largest, sample) => Math.max(largest, Math.abs(sample)), 1e-3);
  for (let x = 0; x < width; x++) {
    const column = samples.subarray((x * samples.length) / width, Math.max(((x + 1) * samples.length) / width, 1));
    const low = column.reduce((a, b) => Math.min(a, b), 0) / most;
    const high = column.reduce((a, b) => Math.max(a, b), 0) / most;
    context.fillRect(x, (height / 2) * (1 - high), 1, Math.max(1, (height / 2) * (high - low)));
  }
}
