// *.bin → its bytes, as the build embeds them

/** Files that the build embeds as bytes (tsup's `binary` loader; a plugin in the tests). */
declare module '*.bin' {
  const bytes: Uint8Array;
  export default bytes;
}
