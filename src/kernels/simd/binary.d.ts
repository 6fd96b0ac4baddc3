// *.wasm → its bytes, as the build embeds them

/** WebAssembly that the build embeds as bytes (tsup's `binary` loader; a plugin in the tests). */
declare module '*.wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
