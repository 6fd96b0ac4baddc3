// log-mel pictures of speech-like clips, one thread

import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { LogMel, RandomStream } from 'speech-emotion';
import { type Case, compare } from './measure.ts';

const SECONDS = 3.7; // a RAVDESS clip's length
const sampleRate = 16_000;

export async function features(): Promise<Case[]> {
  const stream = new RandomStream(1);
  const samples = Float32Array.from({ length: SECONDS * sampleRate }, () => 0.1 * stream.normal());
  const logMel = new LogMel();
  const { frameLength, hopLength, fftLength } = logMel.options;
  await tf.setBackend('cpu');
  const repeats = 20; // one clip takes a few milliseconds, near the clock's grain
  const ours = () => {
    for (let i = 0; i < repeats; i++) logMel.compute(samples);
  };
  const stft = async () => {
    const picture = tf.tidy(() => tf.abs(tf.signal.stft(tf.tensor1d(samples), frameLength, hopLength, fftLength)));
    await picture.data();
    picture.dispose();
  };
  const perClip = ({ ours: { unit, ...spread }, ratio, ...rest }: Case): Case => ({
    ...rest,
    ours: { median: spread.median / repeats, min: spread.min / repeats, max: spread.max / repeats, unit },
    ratio: ratio * repeats,
  });
  return [
    perClip(
      await compare({
        case: 'log-mel of a 3.7 s clip',
        backend: 'none',
        against: 'real time',
        aim: 500,
        ours,
        theirs: SECONDS * 1000,
      }),
    ),
    perClip(
      await compare({
        case: 'log-mel of a 3.7 s clip',
        backend: 'cpu',
        against: 'tf.signal.stft alone',
        note: 'the peer stops at the spectrum',
        aim: 500,
        rounds: 3,
        ours,
        theirs: stft,
      }),
    ),
  ];
}
