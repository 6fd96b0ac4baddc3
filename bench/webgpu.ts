// WebGPU in Node → the programs that a piece of work makes it run, counted

import { existsSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '../examples/node/backend.ts';

/** SwiftShader, a Vulkan driver in software, as Debian's chromium package ships it. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** The active backend, when it is WebGPU. */
export interface WebGpu {
  /** E.g. `SwiftShader driver 5.0.0`. */
  readonly adapter: string;
  /** Whether a driver in software stands in for a GPU: its times say nothing about one. */
  readonly software: boolean;
  /** How many programs the GPU is told to run while the work lasts. */
  dispatches(work: () => unknown): Promise<number>;
  /** Lets the process end. */
  close(): void;
}

/** Makes WebGPU the backend; where there is none, the reason. */
export async function openWebGpu(): Promise<WebGpu | string> {
  if (existsSync(SWIFTSHADER)) process.env.VK_ADD_DRIVER_FILES ??= SWIFTSHADER; // beside a GPU's own, which goes first
  try {
    await useBackend('webgpu');
  } catch (error) {
    return (error as Error).message;
  }
  const { adapterInfo } = tf.backend() as unknown as { adapterInfo: { vendor: string; architecture: string } };
  return {
    adapter: `${adapterInfo.vendor} ${adapterInfo.architecture}`,
    software: /swiftshader|llvmpipe/i.test(adapterInfo.architecture),
    dispatches: countDispatches,
    close() {
      tf.removeBackend('webgpu');
      Reflect.deleteProperty(globalThis, 'navigator');
    },
  };
}

/** Every program goes through this call, whoever sends it: tfjs or the library itself. */
async function countDispatches(work: () => unknown): Promise<number> {
  const encoder = GPUComputePassEncoder.prototype;
  const { dispatchWorkgroups } = encoder;
  let count = 0;
  encoder.dispatchWorkgroups = function (...sizes) {
    count++;
    return dispatchWorkgroups.apply(this, sizes);
  };
  try {
    await work();
    return count;
  } finally {
    encoder.dispatchWorkgroups = dispatchWorkgroups;
  }
}
