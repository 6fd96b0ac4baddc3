// WebAssembly and a memory → its exports

/**
 * Instantiates a module of /assembly, which imports a memory: one of its own, or one that is shared between threads.
 *
 * @returns undefined where the engine refuses: it lacks an instruction of the module, or this thread or the page's policy allows no
 *   WebAssembly
 */
export function instantiate<Exports>(bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): Exports | undefined {
  const own = memory.buffer instanceof ArrayBuffer ? bytes : withSharedMemory(bytes);
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(own), { env: { memory } });
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

/**
 * The same module for a memory that is shared. WebAssembly takes it for another type, so a module takes either the one or the other;
 * the instructions are the same. Changing the import spares a second copy of each module in the package.
 */
function withSharedMemory(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const imports = importSection(0, 0); // no bound but the least, of 0 pages
  // Shared memory has to have a bound above: 65536 pages, in seven bits a byte, the most that there can be.
  const shared = importSection(3, 0, 0x80, 0x80, 0x04);
  const at = bytes.findIndex((_, start) => imports.every((byte, i) => bytes[start + i] === byte));
  if (at < 0) throw new Error('Cannot use shared memory: the module must import nothing but a memory');
  return Uint8Array.from([...bytes.subarray(0, at), ...shared, ...bytes.subarray(at + imports.length)]);
}

/** A section (2) of so many bytes with one import: `env.memory`, which is a memory (2) with such bounds. */
function importSection(...bounds: number[]): number[] {
  const named = [1, 3, ...ascii('env'), 6, ...ascii('memory'), 2, ...bounds];
  return [2, named.length, ...named];
}

function ascii(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}
