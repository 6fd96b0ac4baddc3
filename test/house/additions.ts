// one of each kind of thing that the tables hold → its file, its line, a program that uses it

/** What is added to a copy of the tree. */
export interface Addition {
  /** What it is, as the table of counts has it. */
  readonly what: string;
  /** Its own file. */
  readonly file: string;
  readonly source: string;
  /** The file of the table. */
  readonly table: string;
  /** What the table's file gets: an import, and a line behind the one that is there. */
  readonly importLine: string;
  readonly line: string;
  readonly behind: string;
  /** Statements that use it and set `found`, type errors that must be there among them. */
  readonly program: string;
  /** What `found` is then. */
  readonly found: unknown;
}

export const additions: readonly Addition[] = [
  {
    what: 'a recurrent cell',
    file: 'src/layers/recurrent/decay.ts',
    table: 'src/layers/cells.ts',
    importLine: `import { Decay } from './recurrent/decay.ts';`,
    behind: '  gru: Gru,',
    line: '  decay: Decay,',
    source: `// sequence → a leaky integrator's output at every frame
import * as tf from '@tensorflow/tfjs-core';
import { checkShare } from '../../core/check.ts';
import type { RandomStream } from '../../core/random.ts';
import { inputKernel, zeroWeight } from './initialWeights.ts';
import { type CellInputs, type InitialWeight, RecurrentLayer } from './recurrentLayer.ts';
import { type RecurrentLayerOptions, type ResolvedRecurrentLayerOptions, resolveRecurrentOptions } from './recurrentOptions.ts';

export interface DecayOptions extends RecurrentLayerOptions {
  decay?: number | undefined;
}

export class Decay extends RecurrentLayer {
  static readonly className = 'SpeechEmotionDecay';
  readonly options: ResolvedRecurrentLayerOptions & { readonly decay: number };
  protected readonly stateCount = 1;

  constructor(options: DecayOptions) {
    super(options);
    const { decay = 0.9, ...others } = options;
    this.options = { ...resolveRecurrentOptions('Decay', others), decay: checkShare('make Decay', 'decay', decay) };
  }

  protected weightInitializers(features: number, random: RandomStream): Record<string, InitialWeight> {
    const { units } = this.options;
    return { kernel: inputKernel(features, units, random.fork('kernel')), bias: zeroWeight([units]) };
  }

  protected runCell({ x, kernel, bias }: CellInputs, [initial]: [tf.Tensor2D], reverse: boolean): [tf.Tensor3D] {
    const { decay } = this.options;
    const frames = tf.unstack(x, 1) as tf.Tensor2D[];
    if (reverse) frames.reverse();
    let h = initial;
    const outputs = frames.map((frame) => {
      const drive = tf.tanh(tf.add(tf.matMul(frame, kernel as tf.Tensor2D), bias!));
      h = tf.add(tf.mul(h, decay), tf.mul(drive, 1 - decay));
      return h;
    });
    if (reverse) outputs.reverse();
    return [tf.stack(outputs, 1) as tf.Tensor3D];
  }
}
`,
    program: `
      const network = buildCnnLstm({ frames: 8, bins: 8, classes: 3, convolution: [], recurrent: { cell: 'decay', decay: 0.5, units: 2 } });
      // @ts-expect-error: an option of another cell
      const refused = () => buildCnnLstm({ recurrent: { cell: 'lstm', decay: 0.5 } });
      let message = '';
      try { refused(); } catch (error) { message = (error as Error).message; }
      const output = network.predict(tf.zeros([2, 8, 8, 1])) as tf.Tensor;
      const copy = await tfl.models.modelFromJSON({ modelTopology: JSON.parse(network.toJSON() as string) } as never);
      found = [output.shape, copy.layers.map((layer) => layer.getClassName()).includes('SpeechEmotionDecay'), /decay/.test(message)];`,
    found: [[2, 3], true, true],
  },
  {
    what: 'a pooling',
    file: 'src/layers/pooling/minPooling.ts',
    table: 'src/layers/poolings.ts',
    importLine: `import { MinPooling } from './pooling/minPooling.ts';`,
    behind: '  max: MaxPooling,',
    line: '  min: MinPooling,',
    source: `// sequence → its minimum over time
import * as tf from '@tensorflow/tfjs-core';
import { singleTensor } from '../layer.ts';
import { TimePooling } from './timePooling.ts';

export class MinPooling extends TimePooling {
  static readonly className = 'SpeechEmotionMinPooling';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => tf.min(singleTensor<tf.Rank.R3>(inputs), 1));
  }
}
`,
    program: `
      const network = buildCnnLstm({ frames: 8, bins: 8, classes: 3, convolution: [], recurrent: { units: 2 }, pooling: ['min', 'mean'] });
      // @ts-expect-error: a pooling that there is not
      const misspelt = { pooling: 'minimum' } satisfies Parameters<typeof buildCnnLstm>[0];
      const { MinPooling } = await import('./src/layers/pooling/minPooling.ts');
      const least = new MinPooling({}).apply(tf.tensor3d([[[3, 1], [2, 5]]])) as tf.Tensor;
      found = [network.layers.some((layer) => layer.getClassName() === 'SpeechEmotionMinPooling'), Array.from(await least.data()), misspelt.pooling];`,
    found: [true, [2, 1], 'minimum'],
  },
  {
    what: 'a feature kind',
    file: 'src/features/loudness.ts',
    table: 'src/features/featureKinds.ts',
    importLine: `import { Loudness } from './loudness.ts';`,
    behind: '  /** Of {@link Mfcc}. */ mfcc: Mfcc,',
    line: '  /** Of {@link Loudness}. */ loudness: Loudness,',
    source: `// samples → the mean square of each hop
import type { FeatureMatrix } from './featureMatrix.ts';

export interface LoudnessOptions {
  readonly sampleRate?: number | undefined;
  readonly hopLength?: number | undefined;
}

export class Loudness {
  readonly options: { readonly sampleRate: number; readonly hopLength: number };
  readonly bins = 1;
  readonly reach: readonly [number, number];

  constructor({ sampleRate = 16000, hopLength = 160 }: LoudnessOptions = {}) {
    this.options = { sampleRate, hopLength };
    this.reach = [0, hopLength];
  }

  frameCount(samples: number): number {
    return Math.max(1, Math.floor(samples / this.options.hopLength));
  }

  compute(samples: Float32Array): FeatureMatrix {
    return this.computeFrames(samples, 0, this.frameCount(samples.length));
  }

  computeFrames(samples: Float32Array, start: number, end: number): FeatureMatrix {
    const hop = this.options.hopLength;
    const values = Float32Array.from({ length: end - start }, (_, i) => {
      const frame = samples.subarray((start + i) * hop, (start + i + 1) * hop);
      return frame.reduce((sum, x) => sum + x * x, 0) / hop;
    });
    return { values, frames: end - start, bins: 1 };
  }
}
`,
    program: `
      const extractor = new FeatureExtractor({ trim: false, features: { type: 'loudness', hopLength: 2 } });
      // @ts-expect-error: an option of another kind
      const wrong: FeatureOptions = { type: 'loudness', melBands: 3 };
      const { values } = await extractor.extract({ samples: Float32Array.of(1, -0.5, 0.5, -1), sampleRate: 16000 }); // without an offset
      const again = new FeatureExtractor(JSON.parse(JSON.stringify(extractor.options)));
      found = [Array.from(values), again.options.features, wrong.type];`,
    found: [[0.625, 0.625], { type: 'loudness', hopLength: 2 }, 'loudness'],
  },
  {
    what: 'a corpus',
    file: 'src/dataset/corpora/demos.ts',
    table: 'src/dataset/corpora.ts',
    importLine: `import { demos } from './corpora/demos.ts';`,
    behind: '  ravdess,',
    line: '  demos,',
    source: `// path of a DEMoS clip → emotion, actor, sex
import type { Corpus } from './corpus.ts';

const EMOTIONS: Readonly<Record<string, string>> = { gio: 'joy', tri: 'sadness' };

export const demos = {
  title: 'DEMoS',
  licence: 'for research',
  citation: 'Parada-Cabaleiro et al. (2020)',
  languages: ['it'],
  labels: Object.values(EMOTIONS),
  parse(path) {
    const [, sex, actor, emotion = ''] = /_([fm])_(\\d+)_(\\w{3})\\w+\\.wav$/.exec(path) ?? [];
    const label = EMOTIONS[emotion];
    return label && sex ? { label, speaker: sex + actor, groups: { sex } } : undefined;
  },
} as const satisfies Corpus;
`,
    program: `
      const sources = ['NP_f_1_gio02.wav', 'PR_m_2_tri01a.wav', 'readme.txt'].map((name) => ({ name, bytes: async () => new Uint8Array(0) }));
      const dataset = await openCorpus('demos', sources);
      // @ts-expect-error: a corpus that there is not
      await openCorpus('demoz', sources).catch(() => {});
      found = [Array.from(dataset, ({ label, speaker }) => label + ' ' + speaker), dataset.labels, dataset.skipped.length];`,
    found: [['joy f1', 'sadness m2'], ['joy', 'sadness'], 1],
  },
  {
    what: 'a decoder',
    file: 'src/audio/formats/plain.ts',
    table: 'src/audio/otherFormats.ts',
    importLine: `import { plain } from './formats/plain.ts';`,
    behind: '  vorbis, // in Ogg',
    line: '  plain,',
    source: `// bytes of a file of plain samples → pieces of sound
import type { AudioFormat } from '../audioDecoder.ts';
import { startsWith } from './startsWith.ts';

export const plain: AudioFormat = {
  name: 'Plain',
  sniff: (bytes) => (startsWith(bytes, '.pln') ? 'a file of plain samples' : undefined),
  async *decode(reader) {
    const { buffer, byteOffset } = await reader.take(24);
    const header = new DataView(buffer, byteOffset);
    for (let piece = await reader.take(4096); piece.length > 1; piece = await reader.take(4096)) {
      const view = new DataView(piece.buffer, piece.byteOffset, piece.length);
      const samples = Float32Array.from({ length: piece.length >> 1 }, (_, i) => view.getInt16(2 * i) / 2 ** 15);
      yield { channels: [samples], sampleRate: header.getUint32(16) };
    }
  },
};
`,
    program: `
      const bytes = Uint8Array.of(0x2e, 0x70, 0x6c, 0x6e, 0, 0, 0, 24, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0x1f, 0x40, 0, 0, 0, 1, 0x40, 0, 0xc0, 0);
      const { samples, sampleRate } = await toWaveform(bytes);
      const other = await toWaveform(new Uint8Array([1, 2, 3])).catch((error) => error.message);
      found = [Array.from(samples), sampleRate, /supported are WAV, FLAC, .*Plain,.* and /.test(other)];`,
    found: [[0.5, -0.5], 8000, true],
  },
  {
    what: 'a kernel for another backend',
    file: 'src/kernels/backends/host/sumOfSquares.ts',
    table: 'src/kernels/sumOfSquares.ts',
    importLine: `import { hostSumOfSquares } from './backends/host/sumOfSquares.ts';`,
    behind: '  webgpu: webgpuSumOfSquares,',
    line: '  host: hostSumOfSquares,',
    source: `// tensors in main memory → the sum of the squares of all their numbers, in one loop
import * as tf from '@tensorflow/tfjs-core';

export const calls = { count: 0 };

export function hostSumOfSquares(tensors: readonly tf.Tensor[]): tf.Scalar {
  calls.count++;
  let sum = 0;
  for (const tensor of tensors) for (const x of tf.backend().readSync(tensor.dataId)) sum += (x as number) ** 2;
  return tf.scalar(sum);
}
`,
    program: `
      const { sumOfSquares } = await import('./src/kernels/sumOfSquares.ts');
      const { calls } = await import('./src/kernels/backends/host/sumOfSquares.ts');
      const sum = sumOfSquares([tf.tensor1d([1, 2]), tf.tensor2d([[3]])]);
      found = [Array.from(await sum.data()), calls.count];`,
    found: [[14], 1],
  },
];
