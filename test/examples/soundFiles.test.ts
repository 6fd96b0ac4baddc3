import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findRecordings } from '../../cli/src/recordings/findRecordings.ts';
import { ACCEPT, READABLE } from '../../examples/web/state/soundFiles.ts';
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

it('covers every format of the library', async () => {
  expect(Object.keys(ENDINGS).sort()).toEqual((await formatNames()).sort());
});

it('the page lets every kind of file be chosen that can be read', () => {
  const accept = ACCEPT.split(',');
  const endings = [...new Set([...Object.values(ENDINGS).flat(), ...OPTIONAL])];
  expect(accept.filter((one) => one.startsWith('.') && one !== '.zip').sort()).toEqual(endings.sort());
  expect(accept).toEqual(expect.arrayContaining(['audio/*', 'video/*'])); // whatever the browser plays
});

it('the command line finds every kind of file in a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'endings-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const endings = [...new Set([...Object.values(ENDINGS).flat(), ...OPTIONAL])];
  for (const ending of [...endings, '.txt', '.json', '.pdf']) writeFileSync(join(folder, `a${ending}`), '');
  const found: string[] = [];
  for await (const { name } of findRecordings([folder], new AbortController().signal)) found.push(name);
  expect(found.sort()).toEqual(endings.map((ending) => join(folder, `a${ending}`)).sort());
});

describe.each([
  ['the page', READABLE],
  ['speech-emotion classify --help', read('cli/src/commands/overRecordings.ts')],
  ['the page of the command line', read('cli/README.md')],
  ['README.md', read('README.md')],
])('%s', (_, text) => {
  it.each(Object.keys(ENDINGS))('names %s', (format) => {
    const [first, second] = format.replace('NIST ', '').split(' ').reverse() as [string, string | undefined];
    expect(text).toMatch(new RegExp(`\\b${first}\\b`));
    if (second) expect(text.replace(/\s+/g, ' ')).toMatch(new RegExp(`\\b${first}\\b[^.]* in ${second}\\b`));
  });
});
