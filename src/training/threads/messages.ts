// what the threads of a training are told, and what they answer → its types

import type * as tf from '@tensorflow/tfjs-core';
import type { TeamMemory } from '../../core/threadTeam.ts';
import type { ExampleSet } from '../../exampleSet/exampleSet.ts';
import type { NormalizerJson } from '../../features/normalizer.ts';
import type { Rank } from '../batches.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { Step } from '../steps.ts';
import type { StepFigures } from '../takeStep.ts';
import type { ResolvedTrainOptions } from '../trainOptions.ts';

/** Numbers of a trainee that its steps change. */
export type Numbers = Pick<Checkpoint, 'weights' | 'moments' | 'averages'>;

/** The training, of which a thread shall have a part. */
export interface Opening {
  readonly type: 'open';
  readonly place: Rank;
  /** What the threads add their sums in. */
  readonly memory: TeamMemory;
  /** Layers and weights. */
  readonly network: tf.io.ModelArtifacts;
  /** The layers as text, by which it is seen that those built there are the same. */
  readonly networkText: string;
  /** Its examples lie in shared memory. */
  readonly data: ExampleSet;
  readonly resolved: ResolvedTrainOptions;
  readonly normalizer: NormalizerJson;
  /** Raw features of silence, [bins]. */
  readonly silence: Float32Array;
  readonly teacher: ReadonlyMap<string, ArrayLike<number>> | undefined;
  /** What the learning rate is multiplied by, for each trainable weight of the network. */
  readonly rates: readonly number[] | undefined;
  /** Where the training begins or goes on. */
  readonly numbers: Numbers;
  /** Steps taken before. */
  readonly steps: number;
}

/** A message to a thread: the training first, then its steps, which all threads take together. */
export type TeamMessage = Opening | ({ readonly type: 'step' } & Step) | { readonly type: 'numbers' };

/** What a step was; undefined where it was left because another thread had failed. */
export type StepAnswer = StepFigures | undefined;
