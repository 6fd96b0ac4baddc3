// audio frames of a LiveKit track → the emotion of the moment
//
// The frames are those of `AudioStream` of @livekit/rtc-node: 16-bit samples, channels interleaved.

import type { StreamOptions, StreamSegment } from 'speech-emotion';
import { pcm } from 'speech-emotion/node';
import type { AnyClassifier } from 'speech-emotion/worker';

/** What is used of LiveKit's `AudioFrame`. */
export interface AudioFrame {
  readonly data: Int16Array;
  readonly sampleRate: number;
  readonly channels: number;
}

/** Rate and number of channels that the `AudioStream` was asked for. @default 48 kHz and one, as there */
export type TrackOptions = StreamOptions & { readonly channels?: number | undefined };

/** The emotions of a track, until it ends. */
export function emotionsOfTrack(
  classifier: AnyClassifier,
  frames: AsyncIterable<AudioFrame>,
  { sampleRate = 48_000, channels = 1, ...options }: TrackOptions = {},
): AsyncIterable<StreamSegment> {
  const sound = pcm(bytesOf(frames, { sampleRate, channels }), { channels });
  return classifier.stream(sound, { ...options, sampleRate });
}

async function* bytesOf(
  frames: AsyncIterable<AudioFrame>,
  { sampleRate, channels }: Omit<AudioFrame, 'data'>,
): AsyncGenerator<Uint8Array> {
  for await (const frame of frames) {
    if (frame.sampleRate !== sampleRate || frame.channels !== channels) {
      throw new RangeError(
        `Cannot read the track: its frames have ${frame.channels} channels at ${frame.sampleRate} Hz`,
      );
    }
    const { buffer, byteOffset, byteLength } = frame.data;
    yield new Uint8Array(buffer, byteOffset, byteLength);
  }
}
