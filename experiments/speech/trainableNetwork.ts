// weights, rows of features and labels → loss and gradient of the detector's network
//
// The network of src/speech/speechNetwork.ts once more, over whole scenes and with its gradient written out.

import { STEP_SIZE } from '../../src/speech/speechFeatures.ts';
import { BLOCKS, CHANNELS, FIRST_TAPS, partsOf, TAPS, WEIGHTS } from '../../src/speech/speechNetwork.ts';

const C = CHANNELS;
const INPUTS = FIRST_TAPS * STEP_SIZE;

/** The network with its gradient. */
export class TrainableNetwork {
  readonly weights: Float32Array;
  readonly gradient = new Float32Array(WEIGHTS);
  readonly #w: Record<string, Float32Array>;
  readonly #g: Record<string, Float32Array>;

  constructor(weights: Float32Array) {
    this.weights = weights;
    this.#w = partsOf(weights);
    this.#g = partsOf(this.gradient);
  }

  /** Logits of each row; with labels, the gradient of their summed cross-entropy is added to {@link gradient}. */
  run(rows: Float32Array, count: number, labels?: Int8Array, weight = 1): { logits: Float32Array; loss: number } {
    const w = this.#w;
    const inputs = new Float32Array(count * INPUTS);
    for (let t = 0; t < count; t++) {
      if (t > 0) inputs.set(rows.subarray((t - 1) * STEP_SIZE, (t + 1) * STEP_SIZE), t * INPUTS);
      else inputs.set(rows.subarray(0, STEP_SIZE), STEP_SIZE);
    }
    let h = new Float32Array(count * C);
    product(inputs, w.first!, w['first.bias']!, h, count, INPUTS, C);
    relu(h);
    const states = [h];
    const hiddens: Float32Array[] = [];
    for (const [i, { dilation, ahead }] of BLOCKS.entries()) {
      const hidden = new Float32Array(count * C);
      eachChannel(h, w[`block${i}.each`]!, w[`block${i}.each.bias`]!, hidden, count, dilation, ahead);
      relu(hidden);
      const next = new Float32Array(count * C);
      product(hidden, w[`block${i}.mix`]!, w[`block${i}.mix.bias`]!, next, count, C, C);
      for (let k = 0; k < next.length; k++) next[k]! += h[k]!;
      hiddens.push(hidden);
      states.push(next);
      h = next;
    }
    const logits = new Float32Array(count);
    const last = w.last!;
    for (let t = 0; t < count; t++) {
      let sum = w['last.bias']![0]!;
      for (let c = 0; c < C; c++) sum += last[c]! * Math.max(0, h[t * C + c]!);
      logits[t] = sum;
    }
    if (!labels) return { logits, loss: 0 };

    let loss = 0;
    const g = this.#g;
    let dh = new Float32Array(count * C);
    for (let t = 0; t < count; t++) {
      if (labels[t]! < 0) continue;
      const z = logits[t]!;
      const y = labels[t]!;
      loss += weight * (Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - z * y);
      const d = weight * (1 / (1 + Math.exp(-z)) - y);
      g['last.bias']![0]! += d;
      for (let c = 0; c < C; c++) {
        const value = h[t * C + c]!;
        if (value <= 0) continue;
        g.last![c]! += d * value;
        dh[t * C + c] = d * last[c]!;
      }
    }
    for (let i = BLOCKS.length - 1; i >= 0; i--) {
      const { dilation, ahead } = BLOCKS[i]!;
      const dHidden = new Float32Array(count * C);
      productGradient(
        hiddens[i]!,
        w[`block${i}.mix`]!,
        dh,
        g[`block${i}.mix`]!,
        g[`block${i}.mix.bias`]!,
        dHidden,
        count,
        C,
        C,
      );
      gate(dHidden, hiddens[i]!);
      const dState = dh; // the residual passes on
      eachChannelGradient(
        states[i]!,
        w[`block${i}.each`]!,
        dHidden,
        g[`block${i}.each`]!,
        g[`block${i}.each.bias`]!,
        dState,
        count,
        dilation,
        ahead,
      );
      dh = dState;
    }
    gate(dh, states[0]!);
    productGradient(inputs, w.first!, dh, g.first!, g['first.bias']!, undefined, count, INPUTS, C);
    return { logits, loss };
  }
}

function relu(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) if (values[i]! < 0) values[i] = 0;
}

function gate(gradient: Float32Array, values: Float32Array): void {
  for (let i = 0; i < values.length; i++) if (values[i]! <= 0) gradient[i] = 0;
}

/** out = x · w + bias, four rows at a time */
function product(
  x: Float32Array,
  w: Float32Array,
  bias: Float32Array,
  out: Float32Array,
  rows: number,
  n: number,
  m: number,
): void {
  const column = new Float64Array(n);
  const whole = rows - (rows % 4);
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < n; i++) column[i] = w[i * m + j]!;
    const b = bias[j]!;
    for (let t = 0; t < whole; t += 4) {
      let [s0, s1, s2, s3] = [b, b, b, b];
      const [r0, r1, r2, r3] = [t * n, (t + 1) * n, (t + 2) * n, (t + 3) * n];
      for (let i = 0; i < n; i++) {
        const v = column[i]!;
        s0 += v * x[r0 + i]!;
        s1 += v * x[r1 + i]!;
        s2 += v * x[r2 + i]!;
        s3 += v * x[r3 + i]!;
      }
      out[t * m + j] = s0;
      out[(t + 1) * m + j] = s1;
      out[(t + 2) * m + j] = s2;
      out[(t + 3) * m + j] = s3;
    }
    for (let t = whole; t < rows; t++) {
      let sum = b;
      for (let i = 0; i < n; i++) sum += column[i]! * x[t * n + i]!;
      out[t * m + j] = sum;
    }
  }
}

/** The gradients of {@link product}; that of x only where x is above 0, as behind a rectifier. */
function productGradient(
  x: Float32Array,
  w: Float32Array,
  dOut: Float32Array,
  dW: Float32Array,
  dBias: Float32Array,
  dX: Float32Array | undefined,
  rows: number,
  n: number,
  m: number,
): void {
  const whole = rows - (rows % 4);
  for (let t = 0; t < rows; t++) for (let j = 0; j < m; j++) dBias[j]! += dOut[t * m + j]!;
  for (let t = 0; t < whole; t += 4) {
    const [r0, r1, r2, r3] = [t * n, (t + 1) * n, (t + 2) * n, (t + 3) * n];
    const [d0, d1, d2, d3] = [t * m, (t + 1) * m, (t + 2) * m, (t + 3) * m];
    for (let i = 0; i < n; i++) {
      const [x0, x1, x2, x3] = [x[r0 + i]!, x[r1 + i]!, x[r2 + i]!, x[r3 + i]!];
      if (x0 === 0 && x1 === 0 && x2 === 0 && x3 === 0) continue;
      const at = i * m;
      for (let j = 0; j < m; j++) {
        dW[at + j]! += x0 * dOut[d0 + j]! + x1 * dOut[d1 + j]! + x2 * dOut[d2 + j]! + x3 * dOut[d3 + j]!;
      }
    }
  }
  for (let t = whole; t < rows; t++) {
    for (let i = 0; i < n; i++) {
      const value = x[t * n + i]!;
      for (let j = 0; j < m; j++) dW[i * m + j]! += value * dOut[t * m + j]!;
    }
  }
  if (!dX) return;
  for (let t = 0; t < rows; t++) {
    for (let i = 0; i < n; i++) {
      if (x[t * n + i]! <= 0) continue;
      let sum = 0;
      for (let j = 0; j < m; j++) sum += w[i * m + j]! * dOut[t * m + j]!;
      dX[t * n + i] = sum;
    }
  }
}

function eachChannel(
  x: Float32Array,
  w: Float32Array,
  bias: Float32Array,
  out: Float32Array,
  rows: number,
  dilation: number,
  ahead: number,
): void {
  for (let t = 0; t < rows; t++) {
    const o = t * C;
    for (let c = 0; c < C; c++) out[o + c] = bias[c]!;
    for (let tap = 0; tap < TAPS; tap++) {
      const from = t + (tap - (TAPS - 1 - ahead)) * dilation;
      if (from < 0 || from >= rows) continue;
      for (let c = 0; c < C; c++) out[o + c]! += w[tap * C + c]! * x[from * C + c]!;
    }
  }
}

function eachChannelGradient(
  x: Float32Array,
  w: Float32Array,
  dOut: Float32Array,
  dW: Float32Array,
  dBias: Float32Array,
  dX: Float32Array,
  rows: number,
  dilation: number,
  ahead: number,
): void {
  for (let t = 0; t < rows; t++) {
    const o = t * C;
    for (let c = 0; c < C; c++) dBias[c]! += dOut[o + c]!;
    for (let tap = 0; tap < TAPS; tap++) {
      const from = t + (tap - (TAPS - 1 - ahead)) * dilation;
      if (from < 0 || from >= rows) continue;
      for (let c = 0; c < C; c++) {
        const d = dOut[o + c]!;
        dW[tap * C + c]! += d * x[from * C + c]!;
        dX[from * C + c]! += d * w[tap * C + c]!;
      }
    }
  }
}

/** Initial weights: normal, by He et al. 2015; the residual branches begin small. */
export function initialWeights(random: { normal(): number }): Float32Array {
  const weights = new Float32Array(WEIGHTS);
  const parts = partsOf(weights);
  const fill = (name: string, std: number) => {
    const part = parts[name]!;
    for (let i = 0; i < part.length; i++) part[i] = std * random.normal();
  };
  fill('first', Math.sqrt(2 / INPUTS));
  for (const i of BLOCKS.keys()) {
    fill(`block${i}.each`, Math.sqrt(2 / TAPS));
    fill(`block${i}.mix`, 0.5 * Math.sqrt(2 / C));
  }
  fill('last', Math.sqrt(1 / C));
  return weights;
}

/** Adam, with the weights' decay apart (Loshchilov & Hutter 2019). */
export class Adam {
  readonly #first: Float32Array;
  readonly #second: Float32Array;
  #steps = 0;

  constructor(size: number) {
    this.#first = new Float32Array(size);
    this.#second = new Float32Array(size);
  }

  get steps(): number {
    return this.#steps;
  }

  /** Both moments. */
  get state(): Float32Array {
    const state = new Float32Array(2 * this.#first.length);
    state.set(this.#first);
    state.set(this.#second, this.#first.length);
    return state;
  }

  restore(state: Float32Array, steps: number): void {
    this.#first.set(state.subarray(0, this.#first.length));
    this.#second.set(state.subarray(this.#first.length));
    this.#steps = steps;
  }

  step(weights: Float32Array, gradient: Float32Array, rate: number, decay: number): void {
    const t = ++this.#steps;
    const [a, b] = [1 - 0.9 ** t, 1 - 0.999 ** t];
    for (let i = 0; i < weights.length; i++) {
      const d = gradient[i]!;
      this.#first[i] = 0.9 * this.#first[i]! + 0.1 * d;
      this.#second[i] = 0.999 * this.#second[i]! + 0.001 * d * d;
      weights[i]! -= rate * (this.#first[i]! / a / (Math.sqrt(this.#second[i]! / b) + 1e-8) + decay * weights[i]!);
    }
  }
}
