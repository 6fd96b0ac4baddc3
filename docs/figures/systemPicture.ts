// a network → a picture of the data flow through its layers

import type * as tfl from '@tensorflow/tfjs-layers';

/** A layer, or several that are one step. */
interface Step {
  /** None for a passage, which only leads an arrow past other steps. */
  readonly title?: string;
  shape: readonly (number | null)[];
  from: Step[];
  /** The longest way from the input, in steps. */
  readonly depth: number;
}

const [WIDTH, HEIGHT, GAP, MARGIN] = [250, 44, 26, 10];

/** Layers that are part of the step before them. */
const PART_OF_STEP_BEFORE = ['Dropout', 'BatchNorm', 'MaxPool2d', 'Reshape'];

/**
 * An SVG with a box for each step, from the features at the top to the probabilities at the bottom.
 *
 * @param title for readers who cannot see it
 */
export function systemPicture(title: string, network: tfl.LayersModel): string {
  const steps = withPassages(stepsOf(network));
  const rows = rowsOf(steps);
  const levels = rows.length;
  const columns = Math.max(...rows.map(({ length }) => length));
  const [width, height] = [columns * (WIDTH + GAP) - GAP + 2 * MARGIN, levels * (HEIGHT + GAP) - GAP + 2 * MARGIN];
  const place = (step: Step) => {
    const row = rows[step.depth]!;
    const left = (width - row.length * (WIDTH + GAP) + GAP) / 2;
    return { x: left + row.indexOf(step) * (WIDTH + GAP), y: MARGIN + step.depth * (HEIGHT + GAP) };
  };
  const arrows = steps.flatMap((step) => {
    const to = place(step);
    return step.from.map((before) => {
      const from = place(before);
      const [x1, y1, x2, y2] = [from.x + WIDTH / 2, from.y + HEIGHT, to.x + WIDTH / 2, to.y - (step.title ? 5 : 0)];
      return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#555555"${step.title ? ' marker-end="url(#arrow)"' : ''}/>`;
    });
  });
  const boxes = steps.map((step) => {
    const { x, y } = place(step);
    const [, ...sizes] = step.shape;
    const middle = x + WIDTH / 2;
    if (!step.title) return `<line x1="${middle}" y1="${y}" x2="${middle}" y2="${y + HEIGHT}" stroke="#555555"/>`;
    return (
      `<rect x="${x}" y="${y}" width="${WIDTH}" height="${HEIGHT}" rx="6" fill="#eef3fa" stroke="#4472b0"/>` +
      `<text x="${middle}" y="${y + 18}" fill="#111111">${step.title}</text>` +
      `<text x="${middle}" y="${y + 35}" fill="#555555">[${sizes.map((size) => size ?? 'frames').join(', ')}]</text>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      'font-family="sans-serif" font-size="13" text-anchor="middle">',
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    '<defs><marker id="arrow" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6" orient="auto">' +
      '<path d="M0 0L6 3L0 6z" fill="#555555"/></marker></defs>',
    ...arrows,
    ...boxes,
    '</svg>',
    '',
  ].join('\n');
}

function stepsOf(network: tfl.LayersModel): Step[] {
  const steps: Step[] = [];
  const made = new Map<string, Step>(); // by layer
  for (const layer of network.layers) {
    const before = (layer.inboundNodes[0]?.inboundLayers ?? []).map(({ name }) => made.get(name)!);
    const className = layer.getClassName().replace('SpeechEmotion', '');
    const [only] = before;
    const shape = layer.outputShape as (number | null)[];
    // Frames that bypass the convolutions are a step of their own, which no other layer shows.
    if (only && PART_OF_STEP_BEFORE.includes(className) && layer.name !== 'frames') {
      if (className !== 'Reshape' || only.depth > 0) only.shape = shape;
      made.set(layer.name, only);
      continue;
    }
    const depth = before.length === 0 ? 0 : 1 + Math.max(...before.map((step) => step.depth));
    const step = { title: titleOf(className, layer), shape, from: [...new Set(before)], depth };
    steps.push(step);
    made.set(layer.name, step);
  }
  return steps;
}

/** The steps, and passages where an arrow would lead past others. */
function withPassages(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => {
    const passages: Step[] = [];
    step.from = step.from.map((before) => {
      let last = before;
      while (last.depth < step.depth - 1) {
        last = { shape: before.shape, from: [last], depth: last.depth + 1 };
        passages.push(last);
      }
      return last;
    });
    return [...passages, step];
  });
}

/** By depth, each below its predecessors. */
function rowsOf(steps: readonly Step[]): Step[][] {
  const rows: Step[][] = [];
  const above = ({ from, depth }: Step) =>
    from.reduce((sum, before) => sum + rows[depth - 1]!.indexOf(before), 0) / from.length;
  for (let row = steps.filter(({ from }) => from.length === 0); row.length > 0; ) {
    rows.push(row);
    row = steps.filter(({ depth }) => depth === rows.length).sort((a, b) => above(a) - above(b));
  }
  return rows;
}

function titleOf(className: string, layer: tfl.layers.Layer): string {
  const { filters, units, direction, kernelSize, activation } = layer.getConfig() as Record<string, unknown>;
  const both = direction === 'bidirectional' ? ', bidirectional' : '';
  const titles: Record<string, string> = {
    InputLayer: 'features',
    Conv2d: `convolution ${(kernelSize as number[] | undefined)?.join(' × ')}, ${filters} filters`,
    Reshape: 'unprocessed frames',
    Lstm: `LSTM of ${units}${both}`,
    Gru: `GRU of ${units}${both}`,
    Elman: `fully recurrent, ${units}${both}`,
    IndRnn: `IndRNN of ${units}${both}`,
    SecondOrder: `second order, ${units}${both}`,
    MultiplicativeRnn: `mRNN of ${units}${both}`,
    MultiplicativeLstm: `mLSTM of ${units}${both}`,
    FinalFrame: 'final frame',
    MeanPooling: 'mean over frames',
    MaxPooling: 'maximum over frames',
    StatisticsPooling: 'mean, std, maximum',
    AttentionPooling: 'local attention',
    Concatenate: 'concatenation',
    Dense: activation === 'softmax' ? 'softmax' : `fully connected, ${units}`,
    UncertainFrames: 'uncertain frame labels',
  };
  return titles[className] ?? className;
}
