// WGSL and tensors → a tensor, in one dispatch, where the active backend is tfjs' for WebGPU
//
// That backend is the host's choice, so nothing of it is imported: it is known by its private method `runWebGPUProgram`, which this
// file alone touches. It declares what the code reads: every input as a read-only array under its name, its shape as
// `uniforms.<name>Shape`, the output as `result`, and how many numbers that has as `uniforms.size`. A program has to read one of the
// uniforms or it does not start. Tensors that the backend still has in main memory it uploads by itself.

import * as tf from '@tensorflow/tfjs-core';
import { missingField } from './privateField.ts';

/** A compute shader and what it is run on. */
export interface WebgpuProgram {
  /** By their names in the code; seven at most, as WebGPU grants eight storage buffers, one of which is the output. */
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  /** Of the output, of rank four at most, in float32. */
  readonly outputShape: readonly number[];
  /** How many workgroups are started. */
  readonly workgroups: number;
  /** Invocations of a workgroup, {@link MOST_INVOCATIONS} at most. */
  readonly workgroupSize: number;
  /** WGSL with `fn main(index : i32)`; `localIndex` and `workgroupId` are there too. */
  readonly code: string;
}

/** Invocations that every WebGPU device allows in a workgroup. */
export const MOST_INVOCATIONS = 256;

/** What a program may use on the active device. */
export interface WebgpuLimits {
  /** Bytes of `var<workgroup>` variables. */
  readonly maxComputeWorkgroupStorageSize: number;
  /** Workgroups along one dimension of a dispatch. */
  readonly maxComputeWorkgroupsPerDimension: number;
  /** Bytes of one tensor. */
  readonly maxStorageBufferBindingSize: number;
}

interface WebgpuBackend {
  readonly device: { readonly limits: WebgpuLimits };
  runWebGPUProgram(program: object, inputs: tf.Tensor[], outputType: 'float32'): tf.TensorInfo;
}

/** Whether the active backend runs programs. */
export function onWebgpu(): boolean {
  return webgpuLimits() !== undefined;
}

/**
 * The limits of the active backend's device; undefined where programs cannot be run.
 *
 * @throws {BackendError} where the backend is `webgpu` and this version of tfjs has its private fields elsewhere
 */
export function webgpuLimits(): WebgpuLimits | undefined {
  const backend = tf.backend() as unknown as Partial<WebgpuBackend>;
  const limits = backend.device?.limits;
  if (typeof backend.runWebGPUProgram === 'function' && limits) return limits;
  if (tf.getBackend() === 'webgpu') {
    throw missingField(`${limits ? 'runWebGPUProgram' : 'device.limits'} in its webgpu backend`);
  }
  return undefined;
}

/** Runs a program on the active backend, where `onWebgpu()`; not on the gradient tape by itself. */
export function runProgram<Rank extends tf.Rank>(program: WebgpuProgram): tf.Tensor<Rank> {
  const { inputs, outputShape, workgroups, workgroupSize, code } = program;
  const backend = tf.backend() as unknown as WebgpuBackend;
  const definition = {
    variableNames: Object.keys(inputs),
    outputShape,
    workgroupSize: [workgroupSize, 1, 1],
    dispatchLayout: { x: outputShape.map((_, dimension) => dimension) },
    dispatch: [workgroups, 1, 1],
    size: true,
    // Compiled pipelines are kept by this key. The code itself can never be taken for another.
    shaderKey: code,
    getUserCode: () => code,
  };
  const output = backend.runWebGPUProgram(definition, Object.values(inputs), 'float32');
  return tf.engine().makeTensorFromTensorInfo(output) as tf.Tensor<Rank>;
}
