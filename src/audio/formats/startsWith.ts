// bytes, a signature → whether it stands there

/** Whether a signature, given as Latin-1, stands at an offset. */
export function startsWith(bytes: Uint8Array, signature: string, offset = 0): boolean {
  if (offset + signature.length > bytes.length) return false;
  for (let i = 0; i < signature.length; i++) if (bytes[offset + i] !== signature.charCodeAt(i)) return false;
  return true;
}
