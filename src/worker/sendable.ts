// audio as a caller has it → a form that can be sent to another thread, and the memory to transfer

import { isByteStream, streamPieces } from '../audio/encodedSound.ts';
import type { AudioInput } from '../audio/soundPieces.ts';
import { isArrayBuffer, isFloat32Array, isUint8Array } from '../core/realm.ts';
import type { SentInput } from './messages.ts';

/** A source that is read in this thread, for the other. */
export interface PieceSource {
  next(): Promise<Uint8Array | Float32Array | undefined>;
  end(): void;
}

/** Audio to send. */
export interface Sendable {
  readonly input: SentInput;
  /** The memory to transfer. */
  readonly memory: Transferable[];
  /** What the other thread asks for more of, where it is not sent whole. */
  readonly source?: PieceSource | undefined;
}

/**
 * Audio in a form that can be sent. Arrays are copied unless their memory is transferred; of a view only its own part is. Streams stay
 * here, and are read when the other thread asks.
 *
 * What is no audio is sent as it is: the classifier there throws. To be called right before sending, since memory may be transferred
 * by somebody else at any time.
 *
 * @param transfer whether to transfer the caller's own memory
 * @throws {TypeError} when it has been transferred before
 */
export function sendable(action: string, input: AudioInput, transfer: boolean): Sendable {
  if (typeof input !== 'object' || input === null) return { input, memory: [] };
  if (!isByteStream(input)) return arrays(action, input, transfer);
  const { name, size } = input;
  return { input: { pulled: { name, size } }, memory: [], source: streamPieces(action, input) };
}

function arrays(action: string, input: AudioInput, transfer: boolean): Sendable {
  const array = 'samples' in input ? input.samples : input;
  if (!(isFloat32Array(array) || isUint8Array(array) || isArrayBuffer(array))) return { input, memory: [] };
  const buffer = isArrayBuffer(array) ? array : array.buffer;
  if (isGone(buffer)) throw new TypeError(`Cannot ${action}: the input's memory has been transferred before`);
  const transfers = transfer && isArrayBuffer(buffer); // shared memory cannot be transferred, nor need it be
  const sent = transfers ? array : isFloat32Array(array) ? new Float32Array(array) : new Uint8Array(array);
  const memory = [transfers ? buffer : (sent as Float32Array).buffer] as ArrayBuffer[];
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
