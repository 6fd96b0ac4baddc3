// the library's defaults → tables of shapes

import { readdir, readFile } from 'node:fs/promises';
import { decodeAudio } from '../../src/audio/decode.ts';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import { layOutWindows } from '../../src/model/windows.ts';
import { resolveTrainOptions } from '../../src/training/resolveTrainOptions.ts';
import { grouped, table } from './markdown.ts';

/** The window of frames that networks are trained on by default. */
function defaultWindow(): { readonly frames: number; readonly hopFrames: number } {
  const extractor = new FeatureExtractor();
  const silence = { values: extractor.silence, frames: 1, bins: extractor.bins };
  const example = { name: 'silence', label: 0, speaker: '', groups: {}, variants: [silence] };
  const set = { labels: ['a', 'b'], features: extractor.options, speeds: [1], examples: [example] };
  return resolveTrainOptions(set, {}).window;
}

/** Each layer of the default network with its output shape and parameters. Needs a backend. */
export function networkTable(): string {
  const network = buildCnnLstm({ frames: defaultWindow().frames });
  let framesLeft = 0; // tfjs does not follow them through a reshape
  const rows = network.layers.map((layer) => {
    const [, ...shape] = layer.outputShape as (number | null)[];
    if (shape.length === 3) framesLeft = shape[0]!;
    const known = shape.map((size) => size ?? framesLeft);
    const kind = layer.getClassName().replace('SpeechEmotion', '');
    return [`\`${layer.name}\``, kind, `[batch, ${known.join(', ')}]`, grouped(layer.countParams())];
  });
  rows.push(['', '', 'sum', grouped(network.countParams())]);
  network.dispose();
  return table([['layer', 'kind', 'output', 'parameters'], ...rows]);
}

/** The shapes of each example clip on its way to the network. */
export async function clipsTable(folder: string): Promise<string> {
  const extractor = new FeatureExtractor();
  const window = defaultWindow();
  const rows: string[][] = [];
  for (const name of (await readdir(folder)).filter((name) => name.endsWith('.wav')).sort()) {
    const waveform = await decodeAudio(await readFile(`${folder}/${name}`));
    const trimmed = await extractor.preprocess(waveform);
    const { frames, bins } = await extractor.extract(waveform);
    const seconds = (samples: number) =>
      `${grouped(samples)} (${(samples / extractor.options.sampleRate).toFixed(2)} s)`;
    const windows = layOutWindows(frames, window).length;
    const lengths = [waveform, trimmed].map(({ samples }) => seconds(samples.length));
    rows.push([`\`${name}\``, ...lengths, `[${frames}, ${bins}]`, `[${windows}, ${window.frames}, ${bins}, 1]`]);
  }
  return table([['clip', 'samples', 'trimmed', 'features', 'batch of windows'], ...rows]);
}
