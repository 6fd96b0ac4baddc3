// a value of any realm → which kind of array it is
//
// An iframe, a popup and `node:vm` have classes of their own: `instanceof Float32Array` is false for their arrays, though
// everything in this library can work on them.

/** The getter that every typed array inherits: it asks the object itself, and gives undefined for all else. */
const kindOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)!
  .get as (this: unknown) => string | undefined;

/** Whether a value is a Float32Array, of this realm or another. */
export function isFloat32Array(value: unknown): value is Float32Array {
  return kindOf.call(value) === 'Float32Array';
}

/** Whether a value is a Float64Array, of this realm or another. */
export function isFloat64Array(value: unknown): value is Float64Array {
  return kindOf.call(value) === 'Float64Array';
}

/** Whether a value is a Uint8Array, as a Node `Buffer` is too, of this realm or another. */
export function isUint8Array(value: unknown): value is Uint8Array {
  return kindOf.call(value) === 'Uint8Array';
}

/** Whether a value is an ArrayBuffer, of this realm or another. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === '[object ArrayBuffer]';
}
