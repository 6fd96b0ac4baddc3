// Oracle: the file's bytes, in memory.

import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toWaveform } from '../../src/audio/toWaveform.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { openSound } from '../../src/node/openSound.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sound-'));
});
afterAll(() => rm(folder, { recursive: true }));

const fixture = (name: string) => new URL(`../fixtures/audio/${name}`, import.meta.url);

it.each(['speech.wav', 'speech.flac', 'speech.mp3', 'speech.ogg'])(
  'reads %s, as often as it is asked to',
  async (name) => {
    const expected = await toWaveform(await readFile(fixture(name)));
    const sound = await openSound(fixture(name));
    expect(sound).toMatchObject({ name, size: (await readFile(fixture(name))).length });
    expect(await toWaveform(sound)).toEqual(expected);
    expect(await toWaveform(sound)).toEqual(expected);
  },
);

it('names the file that is at fault, and what is no file', async () => {
  const path = join(folder, 'notes.wav');
  await writeFile(path, 'not sound');
  const error = await toWaveform(await openSound(path)).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(AudioFormatError);
  expect(error.message).toContain('(in notes.wav)');
  expect(error.file).toBe('notes.wav');
  await expect(openSound(folder)).rejects.toThrow('must be a file, got a folder');
  await expect(openSound(pathToFileURL(join(folder, 'missing.wav')))).rejects.toThrow('ENOENT');
  for (const wrong of [undefined, 7, '', new URL('https://example.org/a.wav')]) {
    await expect(openSound(wrong as never)).rejects.toThrow(TypeError);
  }
});

it('closes the file when it is left early', async () => {
  const path = join(folder, 'large.wav');
  const file = await open(path, 'w');
  await file.write(await readFile(fixture('speech.wav')));
  await file.truncate(2 ** 26);
  await file.close();
  const before = process.getActiveResourcesInfo().filter((kind) => kind.startsWith('FS')).length;
  await expect(toWaveform(await openSound(path), { maxSeconds: 0.1 })).rejects.toThrow('found over 0.1 seconds');
  await expect.poll(() => process.getActiveResourcesInfo().filter((kind) => kind.startsWith('FS')).length).toBe(before);
});
