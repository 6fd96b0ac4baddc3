// name → what squashes the state of a cell without gates, in WGSL

import type { StateActivation } from '../recurrent/activation.ts';

/** φ(z), of a variable `z`. */
export function squashCode(activation: StateActivation): string {
  return activation === 'relu' ? 'select(z, 0.0, z < 0.0)' : 'squash(z)';
}

/** φ′ where φ is a variable `h`. */
export function slopeCode(activation: StateActivation): string {
  return activation === 'relu' ? 'select(0.0, 1.0, h > 0.0)' : '(1.0 - h * h)';
}
