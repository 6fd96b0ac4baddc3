// the backends that this browser can use

/** Backends of the page, the most reliable first. */
export const BACKENDS = ['wasm', 'webgpu', 'webgl'] as const;

/** One of {@link BACKENDS}. */
export type BackendName = (typeof BACKENDS)[number];

/** Their names on the page. */
export const BACKEND_TITLES: Readonly<Record<BackendName, string>> = {
  wasm: 'WebAssembly (processor)',
  webgpu: 'WebGPU (graphics card)',
  webgl: 'WebGL (graphics card)',
};

/** Why a backend cannot run here; undefined if it can. */
export async function whyNot(name: BackendName): Promise<string | undefined> {
  if (name === 'wasm') return typeof WebAssembly === 'object' ? undefined : 'this browser has no WebAssembly';
  if (name === 'webgpu') {
    if (!navigator.gpu) return 'this browser has no WebGPU';
    const adapter = await navigator.gpu.requestAdapter().catch(() => null);
    return adapter ? undefined : 'WebGPU finds no graphics card';
  }
  if (typeof OffscreenCanvas === 'undefined') return 'this browser has no WebGL in workers';
  return new OffscreenCanvas(1, 1).getContext('webgl2') ? undefined : 'WebGL 2 does not start';
}
