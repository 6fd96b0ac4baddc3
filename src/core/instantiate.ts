// WebAssembly and a memory → its exports

/**
 * Instantiates a module that imports a memory.
 *
 * @returns undefined where the engine refuses: it lacks an instruction of the module, the memory is of another kind, or this
 *   thread or the page's policy allows no WebAssembly
 */
export function instantiate<Exports>(bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): Exports | undefined {
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
    return exports as unknown as Exports;
  } catch (error) {
    const { CompileError, LinkError } = WebAssembly;
    if (error instanceof CompileError || error instanceof LinkError || error instanceof RangeError) return undefined;
    throw error;
  }
}
