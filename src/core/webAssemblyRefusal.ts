// this page or process → why it cannot run WebAssembly, if it cannot
//
// Packages that bring a WebAssembly module of their own often lose its failure: the promise that they give never settles, and the
// one that they keep ends a Node process as an unhandled rejection. So users of such a package ask here first.

/** `(module (memory 259))`: a header, and a section with a memory of as many pages as the largest decoder asks for. */
const MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 4, 1, 0, 0x83, 2);

/**
 * Compiles and instantiates a module, by the same two calls as such packages do.
 *
 * @returns what was thrown where the engine has no WebAssembly, the page's policy allows none (`script-src` without
 *   `'wasm-unsafe-eval'`), or there is no room for the memory; undefined where all is well
 */
export async function webAssemblyRefusal(): Promise<unknown> {
  try {
    await WebAssembly.instantiate(await WebAssembly.compile(MODULE), {});
    return undefined;
  } catch (error) {
    return error;
  }
}
