// name → what squashes the state of a cell without gates, in WGSL

import type { StateActivation } from '../../recurrent/activation.ts';

/** φ(z), of a variable `z`. */
export function activationCode(activation: StateActivation): string {
  return activation === 'relu' ? 'select(z, 0.0, z < 0.0)' : 'squash(z)';
}

/** φ′ where φ is a variable `h`. */
function slopeCode(activation: StateActivation): string {
  return activation === 'relu' ? 'select(0.0, 1.0, h > 0.0)' : '(1.0 - h * h)';
}

/** `dz`, the gradient of what is squashed into h, of every unit of a frame; what is left in dh is that of padding. */
export function gradientCode(activation: StateActivation): string {
  return `
          let h = y[at];
          var dz = 0.0;
          dh[slot] += dy[at];
          if (counts) {
            dz = dh[slot] * ${slopeCode(activation)};
            dh[slot] = 0.0;
          }`;
}
