import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EmotionClassifier } from 'speech-emotion';
import { openSound } from 'speech-emotion/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClassifier } from '../../src/openClassifier.ts';
import { encodeWav } from '../score/wavFiles.ts';
import { emptyFolder } from '../support/folder.ts';
import { clips, run } from '../support/program.ts';

/* Oracle: what the library learns of the same clips in this process, and what it hears then. */

let classifier: EmotionClassifier;
beforeAll(async () => {
  classifier = await openClassifier(undefined);
});
afterAll(() => classifier.dispose());

const clip = (name: string) => join(clips, `${name}.wav`);
const soundOf = (name: string) => openSound(clip(name));

/** A folder with copies of clips, by the names that they have there. */
async function folderWith(names: Readonly<Record<string, string>>): Promise<string> {
  const folder = await emptyFolder();
  for (const [path, name] of Object.entries(names)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await copyFile(clip(name), join(folder, path));
  }
  return folder;
}

describe('personalise', () => {
  it('learns from folders, from names of RAVDESS and from clips without label; classify, timeline and live use it', async () => {
    const folder = await folderWith({
      'me/happy/one.wav': 'lively',
      'me/03-01-05-02-01-02-05.wav': 'loud',
      'calls/x.wav': 'in-turns',
    });
    await mkdir(join(folder, 'sad'));
    await copyFile(clip('slow'), join(folder, 'sad/a.wav'));
    const inputs = ['me', 'sad/a.wav', '--unlabelled', 'calls'];
    const { code, stdout, stderr } = await run(['personalise', ...inputs, '--out', 'me.voice', '--json'], {
      cwd: folder,
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      ...{ out: 'me.voice', labels: { angry: 1, happy: 1, sad: 1 }, unlabelled: 1, silent: [] },
    });
    // In the order of the folder, which sums depend on.
    const found = await readdir(join(folder, 'me'));
    const mine = {
      happy: { name: 'lively', label: 'happy' },
      '03-01-05-02-01-02-05.wav': { name: 'loud', label: 'angry' },
    };
    const order = found.map((name) => mine[name as keyof typeof mine]);
    const labelled = [...order, { name: 'slow', label: 'sad' }, { name: 'in-turns', label: undefined }];
    using personal = await classifier.personalise(
      await Promise.all(labelled.map(async ({ name, label }) => ({ sound: await soundOf(name), label }))),
    );
    const voice = join(folder, 'me.voice');
    expect(new Uint8Array(await readFile(voice))).toEqual(personal.adaptation);

    const scores = (list: readonly { label: string; score: number }[]) =>
      Object.fromEntries(list.map(({ label, score }) => [`score_${label}`, score]));
    const wanted = await personal.classify(await soundOf('flat'));
    const before = await classifier.classify(await soundOf('flat'));
    expect(wanted.scores).not.toEqual(before.scores);
    const classified = await run(['classify', clip('flat'), '--voice', voice, '--json']);
    expect(JSON.parse(classified.stdout)).toMatchObject(scores(wanted.scores!));

    const segments = await personal.timeline(await soundOf('slow'));
    const timeline = await run(['timeline', clip('slow'), '--voice', voice, '--json']);
    const rows = timeline.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toEqual(
      segments.map((one) => expect.objectContaining(one.scores ? scores(one.scores) : { speech: false })),
    );

    const wave = await readFile(clip('slow'));
    const rate = wave.readUInt32LE(24);
    const parameters = ['live', '--rate', `${rate}`, '--when-behind', 'wait', '--json'];
    const [own, everyones] = await Promise.all(
      [[...parameters, '--voice', voice], parameters].map((words) => run(words, { input: wave.subarray(44) })),
    );
    expect(own!.stdout.split('\n').length).toBe(everyones!.stdout.split('\n').length);
    expect(own!.stdout).not.toBe(everyones!.stdout);
  });

  it('leaves clips without speech out, and says so', async () => {
    const folder = await folderWith({ 'neutral/a.wav': 'flat' });
    await writeFile(join(folder, 'neutral/silent.wav'), encodeWav([new Float32Array(32_000)], 16_000));
    const { code, stdout, stderr } = await run(['personalise', '.', '--out', 'voice'], { cwd: folder });
    expect([code, stderr]).toEqual([0, 'neutral/silent.wav: no speech, left out\n']);
    expect(stdout).toBe('voice: 1 neutral; clips of other emotions would help more\n');
    const none = await run(['personalise', 'neutral/silent.wav', '--out', 'other'], { cwd: folder });
    expect([none.code, none.stderr]).toEqual([1, 'Cannot personalise: clips must hold speech, got none that does\n']);
    expect((await readdir(folder)).sort()).toEqual(['neutral', 'voice']);
  });

  it('learns from all clips or not at all', async () => {
    const folder = await folderWith({ 'happy/a.wav': 'lively', 'hapy/b.wav': 'lively' });
    await writeFile(join(folder, 'happy/notes.wav'), 'no sound at all');
    const refused = async (inputs: string[], message: RegExp, exitCode = 1) => {
      const { code, stdout, stderr } = await run(['personalise', ...inputs], { cwd: folder });
      expect([code, stdout]).toEqual([exitCode, '']);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/^ +at /m);
    };
    await refused(
      ['hapy', '--out', 'v'],
      /^Cannot tell the emotion of hapy\/b\.wav: its folder must be one of neutral, .*--unlabelled\n$/,
    );
    await refused(['happy', '--out', 'v'], /^happy\/notes\.wav: Cannot decode audio: found text/);
    await refused(['sad', '--out', 'v'], /^sad: .*no such file/);
    await refused(['--unlabelled', '-', '--out', 'v'], /clips must be files, got standard input/);
    await refused(['--out', 'v'], /there are no clips: name files or folders/, 2);
    await refused(['happy'], /required option '--out <file>'/, 2);
    await refused(['happy', '--out', 'v', '--channel', 'each'], /--channel.*'mix', or the number of a channel/, 2);
    expect((await readdir(folder)).sort()).toEqual(['happy', 'hapy']);
  });
});

describe('--voice', () => {
  it('that is none, is missing or is of another model is told of by its name', async () => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'a.voice'), 'sound');
    const { pretrained } = await import('speech-emotion/pretrained/small');
    const { EmotionClassifier } = await import('speech-emotion');
    using small = await EmotionClassifier.load(pretrained);
    using personal = await small.personalise([{ sound: await soundOf('flat') }]);
    await writeFile(join(folder, 'small.voice'), personal.adaptation!);
    for (const [voice, reason] of [
      ['a.voice', 'Cannot read the adaptation: it must be the adaptation of a personalised classifier'],
      ['small.voice', 'Cannot read the adaptation: it was made for another network'],
      ['b.voice', 'ENOENT: no such file'],
    ] as const) {
      const { code, stdout, stderr } = await run(['classify', clip('flat'), '--voice', voice], { cwd: folder });
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr.startsWith(`Cannot use the voice ${voice}: ${reason}`)).toBe(true);
    }
  });
});
