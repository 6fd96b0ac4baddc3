// options of a CNN-LSTM → checked and completed

import {
  checkInteger,
  checkNothingElse,
  checkOneOf,
  checkOptions,
  checkSeed,
  type Resolved,
  shown,
} from '../core/check.ts';
import { MOST_DELTAS } from '../layers/deltas.ts';
import { MOST } from '../layers/layer.ts';
import type {
  CnnLstmOptions,
  ConvBlockOptions,
  FrameClassification,
  HeadOptions,
  NetworkPart,
  ParallelOptions,
  RecurrentOptions,
  SeriesOptions,
} from './cnnLstmOptions.ts';
import { resolveBlock } from './convolutionPart.ts';
import { resolveHead } from './headPart.ts';
import { ACTION, checkList } from './networkPart.ts';
import {
  checkOrderless,
  isFrameClassification,
  type ResolvedPooling,
  resolvePooling,
  resolvePoolings,
} from './poolingPart.ts';
import { type ResolvedRecurrentOptions, resolveRecurrent } from './recurrentPart.ts';

/** {@link CnnLstmOptions} with every default filled in. */
export interface ResolvedCnnLstmOptions {
  /** Feature bins of a frame. */
  readonly bins: number;
  /** Number of classes. */
  readonly classes: number;
  /** Frames of an input; null for inputs of any length. */
  readonly frames: number | null;
  /** Seed of the initial weights and of the dropout masks. */
  readonly seed: number;
  /** Number of derivatives over time that are added to the features as channels. */
  readonly deltas: number;
  /** Convolutions before the recurrent layers, or beside them. */
  readonly arrangement: 'series' | 'parallel';
  /** The convolution blocks. */
  readonly convolution: readonly (Resolved<ConvBlockOptions> | NetworkPart)[];
  /** The recurrent part; false for none. */
  readonly recurrent: ResolvedRecurrentOptions | NetworkPart | false;
  /** How frames become one vector, or are classified one by one. */
  readonly pooling: ResolvedPooling | FrameClassification;
  /** How the convolutions' frames become one vector, in parallel. */
  readonly convolutionPooling: ResolvedPooling;
  /** The classifying part. */
  readonly head: Resolved<HeadOptions> | NetworkPart;
}

const DEFAULT_CONVOLUTION: readonly ConvBlockOptions[] = [
  { filters: 24 },
  { filters: 48 },
  { filters: 64 },
  { filters: 96, pool: [1, 2] },
];

/** The most frames of inputs of a fixed length: hours. */
const MOST_FRAMES = 2 ** 20;

/**
 * @throws {RangeError} when an option is out of range
 * @throws {TypeError} when an option is of the wrong type or there is none of that name
 */
export function resolveCnnLstmOptions(options: CnnLstmOptions): ResolvedCnnLstmOptions {
  const {
    bins = 80,
    classes = 8,
    frames = null,
    seed = 0,
    deltas = 0,
    ...rest
  } = checkOptions(ACTION, options as AllOptions);
  const { arrangement = 'series', convolution = DEFAULT_CONVOLUTION, recurrent = {}, head = {}, ...poolings } = rest;
  const { pooling = ['attention', 'mean'], convolutionPooling, ...others } = poolings;
  checkNothingElse(ACTION, others);
  checkInteger(ACTION, 'bins', bins, 1, MOST);
  checkInteger(ACTION, 'classes', classes, 2, MOST);
  if (frames !== null) checkInteger(ACTION, 'frames', frames, 1, MOST_FRAMES);
  checkSeed(ACTION, 'seed', seed);
  checkInteger(ACTION, 'deltas', deltas, 0, MOST_DELTAS);
  checkOneOf(ACTION, 'arrangement', arrangement, ['series', 'parallel']);
  checkList('convolution', convolution);
  if (arrangement === 'parallel') checkParallel(convolution, recurrent, pooling);
  else if (convolutionPooling !== undefined) {
    throw new RangeError(
      `Cannot ${ACTION}: convolutionPooling must be left out in series, where pooling sees its frames`,
    );
  }
  const ofFrames = resolvePooling(pooling);
  if (recurrent === false) checkOrderless('pooling', ofFrames);
  const ofConvolution = resolvePoolings('convolutionPooling', convolutionPooling ?? ['mean', 'max']);
  checkOrderless('convolutionPooling', ofConvolution);
  return {
    ...{ bins, classes, frames, seed, deltas, arrangement },
    convolution: convolution.map((block, index) => (typeof block === 'function' ? block : resolveBlock(block, index))),
    recurrent: typeof recurrent === 'function' || recurrent === false ? recurrent : resolveRecurrent(recurrent),
    pooling: ofFrames,
    convolutionPooling: ofConvolution,
    head: typeof head === 'function' ? head : resolveHead(head),
  };
}

/** The options of every arrangement. */
type AllOptions = Omit<SeriesOptions, 'arrangement' | 'recurrent'> &
  Pick<ParallelOptions, 'convolutionPooling'> & {
    arrangement?: 'series' | 'parallel' | undefined;
    recurrent?: RecurrentOptions | NetworkPart | false | undefined;
  };

/** Refuses what makes no sense for convolutions beside recurrent layers. */
function checkParallel(convolution: readonly unknown[], recurrent: unknown, pooling: unknown): void {
  if (recurrent === false)
    throw new RangeError(`Cannot ${ACTION}: in parallel, there must be a recurrent part, got none`);
  if (convolution.length === 0)
    throw new RangeError(`Cannot ${ACTION}: in parallel, there must be convolutions, got none`);
  if (isFrameClassification(pooling)) {
    throw new RangeError(`Cannot ${ACTION}: in parallel, pooling must give one vector, got ${shown(pooling)}`);
  }
}
