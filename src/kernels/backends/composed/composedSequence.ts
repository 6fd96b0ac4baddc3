// a cell's frame, forward and back, in tf operations → the cell over a sequence, on every backend
//
// What is kept from frame to frame is time-major, [frames · batch, columns], so that taking a frame is a contiguous read.

import * as tf from '@tensorflow/tfjs-core';
import type { SequenceAttributes, SequenceInputs } from '../../recurrent/sequence.ts';
import type { Gradients, Implementation } from '../../signatures/implementation.ts';
import { framesOf } from '../frames.ts';
import { matMul } from '../matMul.ts';

/** A frame of a cell, in tf operations that every backend has. All tensors are [batch, columns]. */
export interface ComposedCell<Inputs extends SequenceInputs, Attributes extends SequenceAttributes> {
  /** An input of a row for each frame, [batch, frames, columns], that the cell reads besides. */
  perFrame?(inputs: Inputs): tf.Tensor3D;
  /** What a frame hands on to the next: the output, then other states, each of which is an output of the operation too. */
  initialStates(inputs: Inputs): tf.Tensor2D[];
  /**
   * Projected inputs (x·kernel + bias), masked previous output and states before the frame → states after it, and what
   * `backward` needs to know besides.
   */
  forward(
    frame: ForwardFrame,
    inputs: Inputs,
    attributes: Attributes,
  ): { states: tf.Tensor2D[]; saved?: tf.Tensor2D | undefined };
  /** Whether the cell adds the bias itself, and has its gradient: what is projected is x·kernel. @default false */
  readonly addsBias?: boolean | undefined;
  /** Gradients of the states after the frame → gradients within it. */
  backward(frame: BackwardFrame, inputs: Inputs, attributes: Attributes): FrameGradients;
  /** Gradients of the inputs that `sharedGradients` does not give, or gives otherwise. */
  gradients?(back: Backpropagated, inputs: Inputs, attributes: Attributes): Gradients<Inputs>;
}

/** What a cell sees of a frame. */
interface ForwardFrame {
  /** x·kernel + bias, [batch, gates · units] */
  readonly projected: tf.Tensor2D;
  /** h₋₁ ⊙ recurrentMask, [batch, units] */
  readonly masked: tf.Tensor2D;
  /** Before the frame, [batch, units] each. */
  readonly states: tf.Tensor2D[];
  /** The frame of `perFrame`. */
  readonly ofFrame: tf.Tensor2D | undefined;
}

/** What a cell sees of a frame on the way back. */
interface BackwardFrame {
  /** Gradients of the states after the frame. */
  readonly dStates: tf.Tensor2D[];
  /** h₋₁ ⊙ recurrentMask */
  readonly masked: tf.Tensor2D;
  /** Before the frame. */
  readonly before: tf.Tensor2D[];
  /** After the frame. */
  readonly after: tf.Tensor2D[];
  /** The frame of `perFrame`. */
  readonly ofFrame: tf.Tensor2D | undefined;
  /** What `forward` saved; undefined if nothing. */
  readonly saved: tf.Tensor2D | undefined;
}

/** Gradients within a frame. */
interface FrameGradients {
  /** Of the projected inputs. */
  readonly dProjected: tf.Tensor2D;
  /** Of the recurrent products. @default dProjected */
  readonly dRecurrent?: tf.Tensor2D | undefined;
  /** Of h₋₁ ⊙ recurrentMask. */
  readonly dMasked: tf.Tensor2D;
  /** Of the states before the frame, but for what `dMasked` says of the first; undefined for none. */
  readonly dStates: (tf.Tensor2D | undefined)[];
  /** What else `gradients` needs of the frame. */
  readonly own?: tf.Tensor2D[] | undefined;
}

/** Gradients over a whole sequence, time-major, [frames · batch, columns]. */
interface Backpropagated {
  /** Of the projected inputs. */
  readonly dProjected: tf.Tensor2D;
  /** Of the recurrent products. */
  readonly dRecurrent: tf.Tensor2D;
  /** h₋₁ ⊙ recurrentMask of every frame. */
  readonly masked: tf.Tensor2D;
  /** What the cell saved. */
  readonly saved: tf.Tensor2D | undefined;
  /** What the cell's `backward` gave of its own, [frames · batch, columns] each. */
  readonly own: tf.Tensor2D[];
  /** Of the initial states, [batch, units] each. */
  readonly dInitial: tf.Tensor2D[];
}

/** The implementation of a cell by its frame. Outputs: y, last other states; saved are the other states, then `saved`. */
export function composedSequence<Inputs extends SequenceInputs, Attributes extends SequenceAttributes>(
  cell: ComposedCell<Inputs, Attributes>,
): Implementation<Inputs, Attributes> {
  return {
    forward: (inputs, attributes) => forward(cell, inputs, attributes),
    gradient: (dys, inputs, outputs, attributes) => {
      const back = tf.tidy(() => backpropagate(cell, dys, inputs, outputs, attributes) as never) as Backpropagated;
      return { ...sharedGradients(back, inputs), ...cell.gradients?.(back, inputs, attributes) };
    },
  };
}

function forward<Inputs extends SequenceInputs, Attributes extends SequenceAttributes>(
  cell: ComposedCell<Inputs, Attributes>,
  inputs: Inputs,
  attributes: Attributes,
): tf.Tensor[] {
  const { recurrentMask, frameMask } = inputs;
  const [, frames] = inputs.x.shape;
  const projectedByFrame = projectFrames(cell, inputs);
  const ownByFrame = ownFrames(cell, inputs);
  const counts = tf.unstack(tf.expandDims(tf.cast(frameMask, 'bool'), 2), 1) as tf.Tensor2D[]; // [batch, 1] each
  const byFrame: tf.Tensor2D[][] = new Array(frames);
  const savedByFrame: (tf.Tensor2D | undefined)[] = new Array(frames);
  let states = cell.initialStates(inputs);
  for (const { t } of framesOf(frames, attributes.reverse)) {
    const masked = tf.mul<tf.Tensor2D>(states[0]!, recurrentMask);
    const frame = { projected: projectedByFrame[t]!, masked, states, ofFrame: ownByFrame?.[t] };
    const next = cell.forward(frame, inputs, attributes);
    states = next.states.map((state, i) => tf.where(counts[t]!, state, states[i]!));
    byFrame[t] = states;
    savedByFrame[t] = next.saved;
  }
  const stacked = states.map((_, i) => byFrame.map((frame) => frame[i]!));
  return [
    tf.stack(stacked[0]!, 1),
    ...states.slice(1),
    ...stacked.slice(1).map((one) => tf.concat(one, 0)),
    ...(savedByFrame[0] ? [tf.concat(savedByFrame as tf.Tensor2D[], 0)] : []),
  ];
}

function backpropagate<Inputs extends SequenceInputs, Attributes extends SequenceAttributes>(
  cell: ComposedCell<Inputs, Attributes>,
  dys: tf.Tensor[],
  inputs: Inputs,
  outputs: tf.Tensor[],
  attributes: Attributes,
): Backpropagated {
  const { recurrentMask, frameMask } = inputs;
  const [batch, frames] = inputs.x.shape;
  const initial = cell.initialStates(inputs);
  const others = initial.length - 1;
  const saved = outputs[1 + 2 * others] as tf.Tensor2D | undefined;
  const savedByFrame = saved && unstackRows(saved, frames, batch);
  const otherStates = outputs.slice(1 + others, 1 + 2 * others) as tf.Tensor2D[];
  const states = [
    tf.unstack(outputs[0]!, 1) as tf.Tensor2D[],
    ...otherStates.map((one) => unstackRows(one, frames, batch)),
  ];
  const dyByFrame = tf.unstack(dys[0]!, 1) as tf.Tensor2D[];
  const countsByFrame = tf.unstack(tf.expandDims(frameMask, 2), 1) as tf.Tensor2D[]; // [batch, 1] each
  const ownByFrame = ownFrames(cell, inputs);

  const [dProjected, dRecurrent, maskeds]: [tf.Tensor2D[], tf.Tensor2D[], tf.Tensor2D[]] = [[], [], []];
  const owns: tf.Tensor2D[][] = [];
  let dStates = [tf.zerosLike(initial[0]!), ...(dys.slice(1, 1 + others) as tf.Tensor2D[])];
  for (const { t, previous } of framesOf(frames, attributes.reverse).reverse()) {
    const before = previous === undefined ? initial : states.map((one) => one[previous]!);
    const after = states.map((one) => one[t]!);
    const masked = tf.mul<tf.Tensor2D>(before[0]!, recurrentMask);
    const [dState, ...dOthers] = dStates as [tf.Tensor2D, ...tf.Tensor2D[]];
    const dAfter = [tf.add<tf.Tensor2D>(dState, dyByFrame[t]!), ...dOthers];
    const counts = countsByFrame[t]!;
    const frame = { dStates: dAfter.map((d) => tf.mul<tf.Tensor2D>(d, counts)), masked, before, after };
    const ofFrame = { ofFrame: ownByFrame?.[t], saved: savedByFrame?.[t] };
    const within = cell.backward({ ...frame, ...ofFrame }, inputs, attributes);
    const skips = tf.sub<tf.Tensor2D>(1, counts);
    dStates = dAfter.map((d, i) => tf.addN([tf.mul<tf.Tensor2D>(d, skips), ...present(within.dStates[i])]));
    dStates[0] = tf.add(dStates[0]!, tf.mul(within.dMasked, recurrentMask));
    dProjected[t] = within.dProjected;
    dRecurrent[t] = within.dRecurrent ?? within.dProjected;
    maskeds[t] = masked;
    owns[t] = within.own ?? [];
  }
  const gradient = tf.concat(dProjected, 0);
  return {
    dProjected: gradient,
    dRecurrent: dRecurrent[0] === dProjected[0] ? gradient : tf.concat(dRecurrent, 0),
    masked: tf.concat(maskeds, 0),
    saved,
    own: owns[0]!.map((_, i) =>
      tf.concat(
        owns.map((own) => own[i]!),
        0,
      ),
    ),
    dInitial: dStates,
  };
}

/** Gradients that every cell has in common. */
function sharedGradients({ dProjected, dRecurrent, masked, dInitial }: Backpropagated, inputs: SequenceInputs) {
  const { x, kernel } = inputs;
  const [batch, frames, features] = x.shape;
  return {
    x: () => {
      const dx = matMul(dProjected, kernel, { bTransposed: true }); // [frames · batch, features]
      return tf.transpose(tf.reshape(dx, [frames, batch, features]), [1, 0, 2]);
    },
    kernel: () => matMul(timeMajorRows(x), dProjected, { aTransposed: true }),
    bias: () => tf.sum(dProjected, 0),
    initialState: () => dInitial[0]!,
    ...('recurrentKernel' in inputs && {
      recurrentKernel: () => matMul(masked, dRecurrent, { aTransposed: true }),
    }),
  } as Gradients<SequenceInputs>;
}

/** x·kernel + bias of every frame, [batch, gates · units] each */
function projectFrames<Inputs extends SequenceInputs, Attributes extends SequenceAttributes>(
  { addsBias = false }: ComposedCell<Inputs, Attributes>,
  { x, kernel, bias }: Inputs,
): tf.Tensor2D[] {
  const product = matMul(timeMajorRows(x), kernel); // [frames · batch, gates · units]
  return unstackRows(addsBias ? product : tf.add(product, bias), x.shape[1], x.shape[0]);
}

function ownFrames<Inputs extends SequenceInputs, Attributes extends SequenceAttributes>(
  cell: ComposedCell<Inputs, Attributes>,
  inputs: Inputs,
): tf.Tensor2D[] | undefined {
  return cell.perFrame && (tf.unstack(cell.perFrame(inputs), 1) as tf.Tensor2D[]);
}

/** [batch, frames, features] → [frames · batch, features] */
function timeMajorRows(x: tf.Tensor3D): tf.Tensor2D {
  const [batch, frames, features] = x.shape;
  return tf.reshape(tf.transpose(x, [1, 0, 2]), [frames * batch, features]);
}

/** [frames · batch, columns] → [batch, columns] of every frame */
function unstackRows(rows: tf.Tensor2D, frames: number, batch: number): tf.Tensor2D[] {
  return tf.unstack(tf.reshape(rows, [frames, batch, -1])) as tf.Tensor2D[];
}

function present(tensor: tf.Tensor2D | undefined): tf.Tensor2D[] {
  return tensor ? [tensor] : [];
}

/** What the mask of a cell's update leaves of a tensor: all of it where there is none. */
export function kept(update: tf.Tensor2D, updateMask: tf.Tensor | undefined): tf.Tensor2D {
  return updateMask ? tf.mul(update, updateMask) : update;
}
