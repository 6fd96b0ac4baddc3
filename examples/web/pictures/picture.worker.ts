// a sound file → its length and its picture, as far as it is drawn

import { toWaveform, type Waveform } from 'speech-emotion/features';
import { evened, layoutOf, melColumns } from './melPicture.ts';
import { type Picture, SCALE } from './picture.ts';
import type { PictureReply, PictureRequest } from './pictureMessages.ts';

/** From one picture that is not complete to the next, in milliseconds. */
const PAUSE = 250;

const reply = (message: PictureReply, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

self.addEventListener('message', async ({ data }: MessageEvent<PictureRequest>) => {
  try {
    await draw(data);
  } catch (error) {
    const { name, message } = error as Error;
    reply({ failed: { name, message } });
  }
});

async function draw({ sound, channel }: PictureRequest): Promise<void> {
  const { samples }: Waveform = await toWaveform(sound, { sampleRate: SCALE.sampleRate, channel });
  reply({ seconds: samples.length / SCALE.sampleRate });
  const layout = layoutOf(samples.length);
  let last = performance.now();
  const show = (decibels: Float32Array, done: number, isLast: boolean) => {
    const levels = evened(decibels.subarray(0, done * SCALE.bands), done, layout.framesPerColumn);
    const picture: Picture = { levels, columns: done, columnsPerSecond: layout.columnsPerSecond };
    reply({ picture, isLast }, [levels.buffer]);
  };
  let whole: { decibels: Float32Array; done: number } | undefined;
  for await (const part of melColumns(samples)) {
    whole = part;
    if (performance.now() - last < PAUSE || part.done >= layout.columns) continue;
    show(part.decibels, part.done, false);
    last = performance.now();
  }
  if (whole) show(whole.decibels, layout.columns, true);
}
