import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { countRecordings, findRecordings } from '../../src/recordings/findRecordings.ts';
import { sourcesOf } from '../../src/score/sources.ts';
import { emptyFolder } from '../support/folder.ts';

const never = new AbortController().signal;

async function folderWith(paths: readonly string[]): Promise<string> {
  const folder = await emptyFolder();
  for (const path of paths) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), '');
  }
  return folder;
}

async function found(...inputs: string[]) {
  const all = [];
  for await (const one of findRecordings(inputs, never))
    all.push('error' in one ? `${one.name}! ${one.error.message}` : one.place);
  return all.sort();
}

const FILES = ['a.wav', 'B.MP3', 'notes.txt', '.hidden.wav', 'x/b.flac', 'x/y/c.wav', '.git/d.wav', 'x/[1].wav'];

it('finds sound files in folders, however deep, and nothing that is hidden (oracle: by hand)', async () => {
  const folder = await folderWith(FILES);
  await symlink(join(folder, 'a.wav'), join(folder, 'link.wav'));
  await symlink(folder, join(folder, 'x/circle'));
  const all = ['B.MP3', 'a.wav', 'link.wav', 'x/[1].wav', 'x/b.flac', 'x/y/c.wav'];
  expect(await found(folder)).toEqual(all);
  expect(await found(`${folder}/`)).toEqual(all);
  expect(await countRecordings([folder, join(folder, 'a.wav')], never)).toBe(7);
});

it('score finds the same in a folder, in the order of names (oracle: classify)', async () => {
  const folder = await folderWith([...FILES, 'x/film.mkv', 'x/voice.m4v', 'x/._b.flac']);
  const sources: string[] = [];
  for await (const source of sourcesOf([folder], Readable.from([]), undefined)) sources.push(source);
  expect(sources.toSorted()).toEqual((await found(folder)).map((place) => join(folder, place)).sort());
  expect(sources.length).toBe(7);
});

it('takes what is named by itself, whatever it is called', async () => {
  const folder = await folderWith(FILES);
  expect(await found(join(folder, 'notes.txt'), join(folder, '.hidden.wav'), join(folder, 'x/[1].wav'), '-')).toEqual([
    '.hidden.wav',
    '[1].wav',
    'notes.txt',
    'standard-input',
  ]);
});

it.each([
  ['*.wav', ['a.wav']],
  ['**/*.wav', ['a.wav', 'x/[1].wav', 'x/y/c.wav']],
  ['x/*', ['[1].wav', 'b.flac']],
  ['{a,x/b}.*', ['a.wav', 'x/b.flac']],
  ['*/?.flac', ['x/b.flac']],
  ['**', ['B.MP3', 'a.wav', 'notes.txt', 'x/[1].wav', 'x/b.flac', 'x/y/c.wav']],
])('finds what matches %s', async (pattern, wanted) => {
  const folder = await folderWith(FILES);
  expect(await found(`${folder}/${pattern}`)).toEqual(wanted);
});

it('tells what is not there', async () => {
  const folder = await folderWith(['empty/notes.txt']);
  expect(await found(join(folder, 'no.wav'))).toEqual([expect.stringMatching(/no\.wav! ENOENT/)]);
  expect(await found(join(folder, 'empty'))).toEqual([expect.stringMatching(/there is none in .*empty$/)]);
  expect(await found(join(folder, '*.wav'))).toEqual([expect.stringMatching(/there is none in .*\*\.wav$/)]);
  expect(await found(join(folder, 'nowhere/*.wav'))).toEqual([expect.stringMatching(/nowhere! ENOENT/)]);
});

it('gives the first before it has looked for the last, and stops when it is told to', async () => {
  const folder = await folderWith(Array.from({ length: 300 }, (_, i) => `d${i % 3}/${i}.wav`));
  const controller = new AbortController();
  const all = findRecordings([folder], controller.signal);
  expect((await all.next()).done).toBe(false);
  controller.abort(new Error('enough'));
  await expect(all.next()).rejects.toThrow('enough');
});
