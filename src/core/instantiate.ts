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
    const refusals = [CompileError, LinkError, RangeError, EvalError]; // the last is what WebKit throws for a page's policy
    if (refusals.some((refusal) => error instanceof refusal)) return undefined;
    throw error;
  }
}

/** A new memory of one page, for a module of its own; undefined where the engine has no WebAssembly, or no room. */
export function newMemory(): WebAssembly.Memory | undefined {
  try {
    return new WebAssembly.Memory({ initial: 1 });
  } catch {
    return undefined;
  }
}
