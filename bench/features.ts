// log-mel pictures of speech-like clips, one thread

import * as tf from '@tensorflow/tfjs-core';
import Meyda from 'meyda';
import { LogMel } from 'speech-emotion';
import { melFilterBank } from 'speech-emotion/features';
import { RandomStream } from 'speech-emotion/layers';
import { useBackend } from '../examples/node/backend.ts';
import { limitOf } from './limits.ts';
import { always, compare, timed } from './measure.ts';
import { type Outcome, versionOf } from './result.ts';
import { NO_TORCH, openTorch } from './torch.ts';

const SECONDS = 3.7; // a RAVDESS clip's length
const sampleRate = 16_000;
const REPEATS = 20; // one clip takes a few milliseconds, near the clock's grain

export async function features(): Promise<Outcome> {
  const stream = new RandomStream(1);
  const samples = Float32Array.from({ length: SECONDS * sampleRate }, () => 0.1 * stream.normal());
  const logMel = new LogMel({ sampleRate });
  const { frameLength, hopLength, fftLength, melBands } = logMel.options;
  const about = { case: `log-mel of a clip of ${SECONDS} s`, backend: 'none' };
  const ours = timed(() => logMel.compute(samples), REPEATS);
  const theirs = always(SECONDS * 1000);
  const cases = [await compare({ ...about, against: 'real time', aim: 500, ours, theirs })];

  // Meyda's frames are as long as its transform and lie within the recording.
  const sizes = { sampleRate, frameLength: fftLength, hopLength, melBands, padding: 'none' } as const;
  const long = new LogMel(sizes);
  Object.assign(Meyda, { sampleRate, bufferSize: fftLength, melBands });
  const meyda = () => {
    for (let start = 0; start + fftLength <= samples.length; start += hopLength) {
      Meyda.extract('melBands', samples.subarray(start, start + fftLength));
    }
  };
  const note = `frames as long as the transform, ${fftLength} samples, which Meyda demands`;
  cases.push(
    await compare({
      ...{ ...about, against: 'Meyda', aim: 5, note },
      ...{ ours: timed(() => long.compute(samples), REPEATS), theirs: timed(meyda) },
    }),
  );

  const torch = await openTorch();
  if (torch) {
    const sizes = { samples: samples.length, frameLength, hopLength, fftLength, melBands };
    const theirs = torch.measure({ case: 'logMel', repeats: REPEATS, ...sizes });
    const note = 'what its MelSpectrogram and AmplitudeToDB do, written out with torch.stft: Debian has no torchaudio';
    cases.push(await compare({ ...about, against: 'torchaudio', floor: 0.5, aim: 1, note, ours, theirs }));
    torch.close();
  }

  await useBackend('wasm');
  const amount = operationsOf(logMel, samples.length);
  const limit = await limitOf({ ...about, backend: 'wasm', by: 'matMul', amount, ours });
  await useBackend('cpu');
  const stft = async () => {
    const picture = tf.tidy(() => tf.abs(tf.signal.stft(tf.tensor1d(samples), frameLength, hopLength, fftLength)));
    await picture.data();
    picture.dispose();
  };
  cases.push(
    await compare({
      ...{ ...about, against: 'tf.signal.stft on cpu', aim: 500, rounds: 3, warmUps: 1 },
      ...{ note: 'the peer stops at the spectrum', ours, theirs: timed(stft) },
    }),
  );
  return {
    cases,
    limits: [limit],
    missing: torch ? [] : [`torchaudio: ${NO_TORCH}`],
    versions: { meyda: await versionOf('meyda'), ...(torch && { torch: torch.version }) },
  };
}

/** Window, transform (5/2 N log₂ N for real input), power, and two operations a weight of the bands. */
function operationsOf({ options }: LogMel, samples: number): number {
  const { frameLength, fftLength, hopLength } = options;
  const { sampleRate, melBands, minHz, maxHz, melScale, melNorm } = options;
  const bands = melFilterBank({ sampleRate, fftLength, melBands, minHz, maxHz, melScale, melNorm });
  const weights = bands.reduce((sum, { weights }) => sum + weights.length, 0);
  const frame = frameLength + 2.5 * fftLength * Math.log2(fftLength) + 1.5 * fftLength + 2 * weights;
  return frame * (1 + Math.floor(samples / hopLength));
}
