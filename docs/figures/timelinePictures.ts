// an example clip, as the web interface stores what is heard in it → docs/timeline-light.svg and docs/timeline-dark.svg

import { readFile } from 'node:fs/promises';
import { heatPng } from '../../cli/src/report/png.ts';
import { PITCHES, SCALE } from '../../examples/web/pictures/picture.ts';
import type { Shipped } from '../../examples/web/stored/shipped.ts';
import { timelineSvg } from '../../src/timelines/index.ts';

/** Three sentences in turns. */
const CLIP = 'in-turns';

/**
 * The pictures by path, for light and for dark pages.
 *
 * @param root of the project: levels and what is heard are those that the web interface stores
 */
export async function timelinePictures(root: string): Promise<Record<string, string>> {
  const { examples } = JSON.parse(await readFile(`${root}/examples/web/stored/shipped.json`, 'utf8')) as Shipped;
  const { seconds, captions, segments } = examples.find(({ id }) => id === CLIP)!;
  const levels = await readFile(`${root}/examples/web/stored/${CLIP}.levels`);
  const { values, width } = imageOf(levels, SCALE.bands);
  const said = captions.map(({ text }) => text).join(' ');
  return Object.fromEntries(
    (['light', 'dark'] as const).map((theme) => {
      const href = heatPng(values, width, SCALE.bands, { theme, level: 0 });
      const title = `How ${said} sounds to the shipped model`;
      const spectrogram = { href, height: 220, ticks: PITCHES };
      return [
        `docs/timeline-${theme}.svg`,
        timelineSvg(segments, { theme, title, width: 1100, height: 96, seconds, spectrogram }),
      ];
    }),
  );
}

/** Levels in columns, lowest band first → values in rows, top row first. */
function imageOf(levels: Uint8Array, bands: number): { values: Float32Array; width: number } {
  const width = levels.length / bands;
  const values = new Float32Array(levels.length);
  for (let x = 0; x < width; x++) {
    for (let band = 0; band < bands; band++) values[(bands - 1 - band) * width + x] = levels[x * bands + band]! / 255;
  }
  return { values, width };
}
