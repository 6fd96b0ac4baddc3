// the library's own weights → its detector of speech
//
// Loaded when it is first needed: most of it is the weights.

import text, { threshold } from '../pretrained/speech.ts';
import type { SpeechDetection, SpeechDetector } from './speechDetector.ts';
import { SAMPLE_RATE, SPAN, SpeechFeatures, type SpeechSteps, STEP, STEP_SIZE } from './speechFeatures.ts';
import { AHEAD, PARTS, SpeechNetwork, WEIGHTS } from './speechNetwork.ts';

/** The library's own detector: 14 000 weights, answers every 32 ms that see 0.24 s ahead. */
export const ownDetector: SpeechDetector = {
  sampleRate: SAMPLE_RATE,
  hopLength: STEP,
  lookahead: SPAN - STEP + AHEAD * STEP,
  threshold,
  open: () => new OwnDetection(weightsOf(text)),
};

/** Hears one sound. */
class OwnDetection implements SpeechDetection {
  readonly #features = new SpeechFeatures();
  readonly #network: SpeechNetwork;
  /** Whether the steps that have no answer yet are loud enough for one, at their place modulo how many there may be. */
  readonly #audible = new Uint8Array(AHEAD + 1);
  #taken = 0;
  #given = 0;

  constructor(weights: Float32Array) {
    this.#network = new SpeechNetwork(weights);
  }

  push(samples: Float32Array): number[] {
    return this.#through(this.#features.push(samples));
  }

  flush(): number[] {
    const answers = this.#through(this.#features.flush());
    for (const answer of this.#network.flush()) answers.push(this.#answer(answer));
    return answers;
  }

  #through({ values, count, audible }: SpeechSteps): number[] {
    const answers: number[] = [];
    for (let step = 0; step < count; step++) {
      this.#audible[this.#taken++ % this.#audible.length] = audible[step]!;
      const answer = this.#network.push(values.subarray(step * STEP_SIZE, (step + 1) * STEP_SIZE));
      if (answer !== undefined) answers.push(this.#answer(answer));
    }
    return answers;
  }

  #answer(probability: number): number {
    return this.#audible[this.#given++ % this.#audible.length] ? probability : 0;
  }
}

let known: Float32Array | undefined;

/** A scale for each column of each part, in 32 bits, then the weights in 8. */
function weightsOf(base64: string): Float32Array {
  if (known) return known;
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const columnsInAll = PARTS.reduce((sum, [, , columns]) => sum + columns, 0);
  const scales = new Float32Array(bytes.buffer, 0, columnsInAll);
  const rounded = new Int8Array(bytes.buffer, 4 * columnsInAll, WEIGHTS);
  const weights = new Float32Array(WEIGHTS);
  let at = 0;
  let first = 0;
  for (const [, rows, columns] of PARTS) {
    for (let i = 0; i < rows * columns; i++) weights[at + i] = rounded[at + i]! * scales[first + (i % columns)]!;
    at += rows * columns;
    first += columns;
  }
  known = weights;
  return weights;
}
