// what a command line names → clips of a speaker, with the emotions that their names tell

import { basename, dirname, resolve } from 'node:path';
import { openSound, type SoundFile } from 'speech-emotion/node';
import { findRecordings } from './findRecordings.ts';
import { ravdessName } from './ravdessName.ts';

/** A clip, which is read when it is heard. */
interface NamedClip {
  readonly name: string;
  readonly sound: SoundFile;
  readonly label: string | undefined;
}

/**
 * Finds clips.
 *
 * @param labelOf tells the emotion of one, by its path
 * @throws {Error} when one cannot be found, or has no emotion: a voice is learnt from all of them, or not at all
 */
export async function speakerClips(
  inputs: readonly string[],
  labelOf: (path: string) => string | undefined,
  signal: AbortSignal,
): Promise<NamedClip[]> {
  const clips: NamedClip[] = [];
  for await (const found of findRecordings(inputs, signal)) {
    if ('error' in found) throw new Error(`${found.name}: ${found.error.message}`, { cause: found.error });
    const { name, path } = found;
    if (path === undefined) throw new Error('Cannot personalise: clips must be files, got standard input');
    clips.push({ name, sound: await openSound(path), label: labelOf(path) });
  }
  return clips;
}

/** The emotion that the folder of a clip is named after, or that its own name tells as those of RAVDESS do. */
export function labelledBy(labels: readonly string[]): (path: string) => string {
  return (path) => {
    const label = [basename(dirname(resolve(path))).normalize(), ravdessName(path)?.emotion].find(
      (one) => one !== undefined && labels.includes(one),
    );
    if (label !== undefined) return label;
    throw new Error(
      `Cannot tell the emotion of ${path}: its folder must be one of ${labels.join(', ')}; where nobody knows it, name the clip behind --unlabelled`,
    );
  };
}
