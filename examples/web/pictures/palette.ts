// loudness, evidence → colours

/** 256 colours from black by purple and orange to pale yellow, even in lightness, as the browser mixes them: [256, RGBA]. */
export function soundPalette(): Uint8ClampedArray {
  sounds ??= mix((t) => `oklch(${0.97 * t} ${0.18 * Math.sin(Math.PI * t)} ${290 + 170 * t})`);
  return sounds;
}

/** 256 colours for evidence against (blue), none (transparent) and for (green): [256, RGBA]. */
export function evidencePalette(): Uint8ClampedArray {
  evidence ??= mix((t) => {
    const strength = Math.abs(2 * t - 1);
    return `oklch(${0.6 + 0.3 * strength} 0.2 ${t < 0.5 ? 250 : 145} / ${strength})`;
  });
  return evidence;
}

let sounds: Uint8ClampedArray | undefined;
let evidence: Uint8ClampedArray | undefined;

function mix(colour: (t: number) => string): Uint8ClampedArray {
  const context = new OffscreenCanvas(256, 1).getContext('2d', { willReadFrequently: true })!;
  for (let i = 0; i < 256; i++) {
    context.fillStyle = colour(i / 255);
    context.fillRect(i, 0, 1, 1);
  }
  return context.getImageData(0, 0, 256, 1).data;
}
