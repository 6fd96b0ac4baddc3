// a sound file → its length and picture, made in a worker

import { AudioFormatError, toWaveform } from 'speech-emotion/features';
import type { Picture } from './picture.ts';
import PictureWorker from './picture.worker.ts?worker';
import type { PictureReply, PictureRequest } from './pictureMessages.ts';

/** What is told of a picture in the making. */
export interface DrawListeners {
  readonly signal: AbortSignal;
  readonly onLength: (seconds: number) => void;
  readonly onPicture: (picture: Picture) => void;
}

/**
 * Draws a sound; what the worker cannot decode, the page's own decoders try: they are not to be had in workers.
 *
 * @throws {AudioFormatError} when it cannot be decoded
 * @throws the signal's reason when it aborts
 */
export async function draw(sound: Blob, channel: PictureRequest['channel'], listeners: DrawListeners): Promise<void> {
  try {
    await drawInWorker({ sound, channel }, listeners);
  } catch (error) {
    if ((error as Error).name !== 'AudioFormatError') throw error;
    const { signal } = listeners;
    await drawInWorker({ sound: await toWaveform(sound, { channel, signal }), channel: 'mix' }, listeners);
  }
}

function drawInWorker(request: PictureRequest, { signal, onLength, onPicture }: DrawListeners): Promise<void> {
  signal.throwIfAborted();
  const worker = new PictureWorker();
  return new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    worker.addEventListener('error', (event) => reject(new Error(event.message || 'The picture cannot be drawn')));
    worker.addEventListener('message', ({ data }: MessageEvent<PictureReply>) => {
      if ('failed' in data) {
        const { name, message } = data.failed;
        reject(name === 'AudioFormatError' ? new AudioFormatError(message) : new Error(message));
      } else if ('seconds' in data) onLength(data.seconds);
      else {
        onPicture(data.picture);
        if (data.isLast) resolve();
      }
    });
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}
