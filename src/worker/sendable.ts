// audio as a caller has it → what can be sent to another thread, and the memory that goes with it

import type { AudioInput } from '../audio/toWaveform.ts';
import { isArrayBuffer, isFloat32Array, isUint8Array } from '../core/realm.ts';

/** What is sent. */
export interface Sendable {
  readonly input: AudioInput;
  /** What of it is given away. */
  readonly memory: Transferable[];
}

/**
 * Audio in a form that can be sent. Of arrays that are not to be given away, a copy is: of a view, what it shows and no more.
 *
 * What is no audio is sent as it is: the classifier there says so. To be called right before sending: memory may be given away
 * at any other time.
 *
 * @param transfer gives the caller's own memory away
 * @throws {TypeError} when it has been given away before
 */
export function sendable(action: string, input: AudioInput, transfer: boolean): Sendable {
  const array = typeof input === 'object' && input !== null && 'samples' in input ? input.samples : input;
  if (!(isFloat32Array(array) || isUint8Array(array) || isArrayBuffer(array))) return { input, memory: [] };
  const buffer = isArrayBuffer(array) ? array : array.buffer;
  if (isGone(buffer)) throw new TypeError(`Cannot ${action}: the input's memory has been given away before`);
  const gives = transfer && isArrayBuffer(buffer); // shared memory cannot be given away, nor need it be
  const sent = gives ? array : isFloat32Array(array) ? new Float32Array(array) : new Uint8Array(array);
  const memory = [gives ? buffer : (sent as Float32Array).buffer] as ArrayBuffer[];
  if (array === input) return { input: sent as AudioInput, memory };
  return { input: { samples: sent as Float32Array, sampleRate: (input as { sampleRate: number }).sampleRate }, memory };
}

/** Whether a buffer has been transferred: it has no length then, and no array can be made of it. */
function isGone(buffer: ArrayBufferLike): boolean {
  try {
    return new Uint8Array(buffer).length < 0;
  } catch {
    return true;
  }
}
