import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatNames } from '../../src/audio/decoders.ts';
import { root } from '../support/program.ts';

/*
 * The sound files that the examples say and let their users choose. Oracle: the library's table of formats, and how files of each
 * are named.
 */

const ENDINGS: Record<string, string[]> = {
  WAV: ['.wav'],
  FLAC: ['.flac', '.oga'],
  'Ogg Vorbis': ['.ogg', '.oga', '.ogv'],
  'Ogg Opus': ['.opus', '.ogg'],
  WebM: ['.webm', '.weba', '.mka', '.mkv'],
  AIFF: ['.aif', '.aiff', '.aifc'],
  AU: ['.au', '.snd'],
  Wave64: ['.w64'],
  'NIST SPHERE': ['.sph', '.wav'],
  CAF: ['.caf'],
  MP3: ['.mp3'],
};
const OPTIONAL = ['.m4a', '.mp4', '.aac'];

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const page = read('examples/web/index.html');

it('covers every format of the library', async () => {
  expect(Object.keys(ENDINGS).sort()).toEqual((await formatNames()).sort());
});

it('the page lets every kind of file be chosen that can be read', () => {
  const accept = /<input\s+id="file"[^>]*\saccept="([^"]*)"/.exec(page)![1]!.split(',');
  const endings = [...new Set([...Object.values(ENDINGS).flat(), ...OPTIONAL])];
  expect(accept.filter((one) => one.startsWith('.')).sort()).toEqual(endings.sort());
  expect(accept).toEqual(expect.arrayContaining(['audio/*', 'video/*'])); // whatever the browser plays
});

describe.each([
  ['the page', page],
  ['npm start -- --help', read('examples/node/start.ts')],
  ['README.md', read('README.md')],
])('%s', (_, text) => {
  it.each(Object.keys(ENDINGS))('names %s', (format) => {
    const [first, second] = format.replace('NIST ', '').split(' ').reverse() as [string, string | undefined];
    expect(text).toMatch(new RegExp(`\\b${first}\\b`));
    if (second) expect(text.replace(/\s+/g, ' ')).toMatch(new RegExp(`\\b${first}\\b[^.]* in ${second}\\b`));
  });
});
