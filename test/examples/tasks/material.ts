// the example clips → files that tasks are done with

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wavOf } from '../../../examples/web/engine/wav.ts';
import type { Shipped } from '../../../examples/web/stored/shipped.ts';
import { ravdessNames, tinyWav, zipOf } from '../../support/fakeRavdess.ts';
import { root } from '../../support/program.ts';

/** A file as it is chosen. */
interface Chosen {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** What is chosen. */
export interface Material {
  /** A sentence. */
  clip(name: string): Chosen;
  /** A letter that is called a recording. */
  broken(name: string): Chosen;
  readonly tenMinutes: Chosen;
  /** The minute of it that is made of the clip that sounds angriest to the shipped model, in seconds. */
  readonly angriest: readonly [from: number, to: number];
  /** Recordings of two speakers, labelled by their names. */
  readonly archive: Chosen;
}

const RATE = 16_000;
const ANGRIEST = [360, 420] as const;
/** Of a header of a WAV file. */
const HEAD = 44;

/** The example clips that sound most and least angry to the shipped model. */
async function byAnger(): Promise<[most: string, least: string]> {
  const { examples }: Shipped = JSON.parse(await readFile(join(root, 'examples/web/stored/shipped.json'), 'utf8'));
  const angerOf = ({ result }: Shipped['examples'][number]) =>
    result.scores?.find(({ label }) => label === 'angry')?.score ?? 0;
  const sorted = examples.toSorted((a, b) => angerOf(b) - angerOf(a));
  return [sorted[0]!.id, sorted.at(-1)!.id];
}

/** Everything that the tasks need. */
export async function makeMaterial(): Promise<Material> {
  const bytesOf = (name: string) => readFile(join(root, `examples/clips/${name}.wav`));
  const samplesOf = async (name: string) => {
    const bytes = await bytesOf(name);
    return new Int16Array(bytes.buffer.slice(bytes.byteOffset + HEAD, bytes.byteOffset + bytes.length));
  };
  const [angriest, leastAngry] = await byAnger();
  const [calm, angry, sentence] = [await samplesOf(leastAngry), await samplesOf(angriest), await bytesOf('slow')];
  const samples = new Float32Array(600 * RATE);
  for (let i = 0; i < samples.length; i++) {
    const isAngry = i >= ANGRIEST[0] * RATE && i < ANGRIEST[1] * RATE;
    const clip = isAngry ? angry : calm;
    samples[i] = clip[i % clip.length]! / 32_768;
  }
  const names = ravdessNames('speech', [1, 2]).filter((_, i) => i % 4 === 0);
  const sources = names.map((name, i) => ({
    name,
    bytes: async () => tinyWav({ samples: RATE, hz: 200 + 40 * i }),
  }));
  const zip = await zipOf(sources, { level: 0 });
  const wav = (name: string, buffer: Buffer): Chosen => ({ name, mimeType: 'audio/wav', buffer });
  return {
    clip: (name) => wav(name, sentence),
    broken: (name) => wav(name, Buffer.from('Dear Anna, thank you for the letter.')),
    tenMinutes: wav('ten minutes.wav', Buffer.from(await wavOf({ samples, sampleRate: RATE }).arrayBuffer())),
    angriest: ANGRIEST,
    archive: { name: 'two.zip', mimeType: 'application/zip', buffer: Buffer.from(await zip.arrayBuffer()) },
  };
}
