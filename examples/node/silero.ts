// an ONNX file of Silero's voice activity detector → a detector for the option `vad`
//
// The package @ricky0123/vad-web has the file, dist/silero_vad_v5.onnx (2.3 MB); Silero's licence is MIT.

import { InferenceSession, Tensor } from 'onnxruntime-web';
import type { SpeechDetector } from 'speech-emotion';

const SAMPLE_RATE = 16_000;
/** Samples that the network answers at a time, and that it sees before them. */
const HOP = 512;
const CONTEXT = 64;

/** Loads the detector: `classifier.classify(bytes, { vad: { detector: await silero(await readFile('silero_vad_v5.onnx')) } })`. */
export async function silero(model: Uint8Array): Promise<SpeechDetector> {
  const session = await InferenceSession.create(model);
  const rate = new Tensor('int64', BigInt64Array.of(BigInt(SAMPLE_RATE)));
  return { sampleRate: SAMPLE_RATE, hopLength: HOP, threshold: 0.5, open };

  /** One sound: what the network keeps from hop to hop is its own. */
  function open() {
    let state = new Tensor('float32', new Float32Array(2 * 128), [2, 1, 128]);
    let context = new Float32Array(CONTEXT);
    let waiting = new Float32Array(0);

    async function answer(hop: Float32Array): Promise<number> {
      const input = joined(context, hop);
      const { output, stateN } = await session.run({
        input: new Tensor('float32', input, [1, input.length]),
        state,
        sr: rate,
      });
      state = stateN as typeof state;
      context = input.slice(-CONTEXT);
      return (output!.data as Float32Array)[0]!;
    }

    async function push(samples: Float32Array): Promise<number[]> {
      waiting = joined(waiting, samples);
      const answers: number[] = [];
      for (; waiting.length >= HOP; waiting = waiting.slice(HOP)) answers.push(await answer(waiting.subarray(0, HOP)));
      return answers;
    }

    async function flush(): Promise<number[]> {
      return waiting.length > 0 ? push(new Float32Array(HOP - waiting.length)) : [];
    }

    return { push, flush };
  }
}

function joined(a: Float32Array, b: Float32Array): Float32Array<ArrayBuffer> {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
