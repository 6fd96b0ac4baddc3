// what is stored in the build → the examples, heard already

import { type Picture, SCALE, thumbnail } from '../pictures/picture.ts';
import stored from '../stored/shipped.json';
import type { Shipped } from '../stored/shipped.ts';
import { newRecording, type Recording } from './recording.ts';

/** What is known before any model is loaded. */
export const shipped = stored as unknown as Shipped;

const clips = import.meta.glob<string>('../../clips/*.wav', { query: '?url', import: 'default', eager: true });
const pictures = import.meta.glob<string>('../stored/*.levels', { query: '?url', import: 'default', eager: true });

/** The example clips, spoken by a synthesiser; the first is on the page before anything is chosen. */
export const examples: readonly Recording[] = shipped.examples.map(({ id, name, captions, ...outcome }) => {
  const sound = () => bytesAt(clips[`../../clips/${id}.wav`]!).then((bytes) => new File([bytes], `${id}.wav`));
  const recording = newRecording({ id, name, kind: 'example', sound, captions });
  recording.progress.value = { is: 'heard', ...outcome };
  return recording;
});

/** The example of that name. */
export function exampleOf(id: string): Recording | undefined {
  return examples.find((example) => example.id === id);
}

/** Fetches the stored picture of an example. */
export async function drawStored({ id, picture, thumbnail: small }: Recording): Promise<void> {
  if (picture.peek()) return;
  const levels = new Uint8Array(await bytesAt(pictures[`../stored/${id}.levels`]!));
  const drawn: Picture = { levels, columns: levels.length / SCALE.bands, columnsPerSecond: SCALE.columnsPerSecond };
  picture.value = drawn;
  small.value = thumbnail(drawn);
}

async function bytesAt(address: string): Promise<ArrayBuffer> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`The example cannot be fetched: ${answer.status}`);
  return answer.arrayBuffer();
}
