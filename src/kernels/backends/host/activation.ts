// activation of a state → its value and slope, of a number

import type { StateActivation } from '../../recurrent/activation.ts';
import { tanh } from './hostCell.ts';

/** φ(z) of a number. */
export function activate(z: number, activation: StateActivation): number {
  return activation === 'relu' ? Math.max(0, z) : tanh(z);
}

/** φ′ where φ is `h`. */
export function slopeAt(h: number, activation: StateActivation): number {
  return activation === 'relu' ? Math.sign(h) : 1 - h * h; // h ≥ 0 with relu
}
