// tfjs backends that tests run on: cpu and wasm, and WebGPU where a Vulkan driver is

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe } from 'vitest';

export { expectNoLeak } from './leaks.ts';

/** The backends that are there everywhere. */
export const hostBackends = ['cpu', 'wasm'] as const;

/** Those, and WebGPU by Dawn. */
export const allBackends = ['cpu', 'wasm', 'webgpu'] as const;

/** SwiftShader, a Vulkan driver in software, as Debian's chromium package ships it. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** A `describe` for each backend, which is active within it; WebGPU is skipped, with the reason, where it is not. */
export async function describeBackends(
  backends: readonly (typeof allBackends)[number][],
  title: string,
  body: (backend: string) => void,
): Promise<void> {
  for (const backend of backends) {
    // The projects that run other builds of the wasm kernels: nothing about them differs here.
    if (backend === 'webgpu' && process.env.KERNELS) continue;
    const missing = backend === 'webgpu' ? await openWebgpu() : undefined;
    if (missing && (process.env.CI || process.env.WEBGPU_REQUIRED)) throw new Error(`WebGPU is required: ${missing}`);
    if (missing) {
      describe.skip(`${title} on webgpu (skipped: ${missing})`, () => body(backend));
      continue;
    }
    describe(`${title} on ${backend}`, () => {
      beforeAll(async () => {
        await tf.setBackend(backend);
        await tf.ready();
      });
      afterAll(closeWebgpu);
      body(backend);
    });
  }
}

/**
 * A `describe` of programs that run on WebGPU, which get the driver by the environment; skipped, with the reason, where there is none.
 */
export function describeWebgpuPrograms(title: string, body: () => void): void {
  const missing = provideDriver() ?? missingAdapter();
  if (missing && (process.env.CI || process.env.WEBGPU_REQUIRED)) throw new Error(`WebGPU is required: ${missing}`);
  if (missing) describe.skip(`${title} (skipped: ${missing})`, body);
  else describe(title, body);
}

/** Asked in a process of its own, since Dawn stays in the one that asks. */
function missingAdapter(): string | undefined {
  const ask = `const { create } = await import('webgpu'); process.exit((await create([]).requestAdapter()) ? 0 : 1);`;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', ask], { cwd: import.meta.dirname });
  return status === 0 ? undefined : 'no WebGPU adapter';
}

/** Names the driver in the environment; returns why there is none, or undefined. */
function provideDriver(): string | undefined {
  process.env.VK_ICD_FILENAMES ??= SWIFTSHADER;
  return existsSync(process.env.VK_ICD_FILENAMES) ? undefined : 'no Vulkan driver';
}

/** Opens WebGPU for tfjs, once; returns why it cannot be had, or undefined. */
async function openWebgpu(): Promise<string | undefined> {
  if (tf.findBackendFactory('webgpu')) return undefined;
  const missing = provideDriver();
  if (missing) return missing;
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const gpu = create([]);
  if ((await gpu.requestAdapter()) === null) return 'no WebGPU adapter';
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  await import('@tensorflow/tfjs-backend-webgpu');
  return undefined;
}

/** The process ends only when nothing refers to Dawn any more. */
function closeWebgpu(): void {
  if (tf.getBackend() !== 'webgpu') return;
  tf.removeBackend('webgpu');
  Reflect.deleteProperty(globalThis, 'navigator');
}
