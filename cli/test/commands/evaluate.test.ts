import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evaluate, LabelledDataset, prepareExamples, saveModel } from 'speech-emotion';
import { modelDirectory, openSources } from 'speech-emotion/node';
import { expect, it } from 'vitest';
import { zipOf } from '../../../test/support/fakeRavdess.ts';
import { openModel } from '../../src/openClassifier.ts';
import { emptyFolder } from '../support/folder.ts';
import { clips, main, run, runAny } from '../support/program.ts';

/* The command says what the library does (the oracle), and its examples run. */

it('evaluates, writes figures and an audit, as its examples say', { timeout: 400_000 }, async () => {
  const folder = await emptyFolder();
  const put = async (path: string, clip: string) => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await cp(join(clips, clip), join(folder, path));
  };
  await put('recordings/happy/ann_1.wav', 'lively.wav');
  await put('recordings/sad/ann_2.wav', 'slow.wav');
  await put('recordings/angry/bob_1.wav', 'loud.wav');
  await put('recordings/sleepy/bob_2.wav', 'flat.wav'); // a label that no model has
  const model = await openModel(undefined);
  await saveModel(model, modelDirectory(join(folder, 'my-model')));
  const { labels, features } = model.settings;
  const speaker = (name: string) => /\/([a-z]+)_[^/]*$/.exec(name)?.[1];
  const all = await LabelledDataset.from(await openSources(join(folder, 'recordings')), { speaker });
  const known = all.filter(({ label }) => label !== 'sleepy');
  const wanted = await evaluate(model, await prepareExamples(known, { features, labels }));
  model.network.dispose();

  const { stdout } = await run(['evaluate', '--help']);
  const examples = [...stdout.matchAll(/^ +\$ (.*)$/gm)].map(([, example]) => example!);
  expect(examples).toHaveLength(3);
  for (const example of examples) {
    const line = example.replace('speech-emotion', `"${process.execPath}" "${main}"`);
    const { code, stderr } = await runAny('bash', ['-c', line], { cwd: folder });
    expect([example, code, stderr]).toEqual([example, 0, 'left out, of labels that the model lacks: 1\n']);
  }
  expect(JSON.parse(await readFile(join(folder, 'figures.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(wanted)));
  expect(await readFile(join(folder, 'audit.html'), 'utf8')).toContain('Audit of the shipped model');
});

it('says what is wrong, with its exit code', async () => {
  const folder = await emptyFolder();
  expect(await run(['evaluate', join(folder, 'none')])).toMatchObject({ code: 1, stdout: '' });
  expect((await run(['evaluate', folder, '--speaker', '('])).code).toBe(2);
  expect((await run(['evaluate'])).code).toBe(2);
});

it('finds clips in a zip archive', { timeout: 200_000 }, async () => {
  const folder = await emptyFolder();
  const names = { 'happy/ann_1.wav': 'lively', 'sad/bob_1.wav': 'slow' };
  const sources = Object.entries(names).map(([name, clip]) => ({
    ...{ name: `recordings/${name}`, bytes: async () => new Uint8Array(await readFile(join(clips, `${clip}.wav`))) },
  }));
  await writeFile(join(folder, 'recordings.zip'), await (await zipOf(sources)).bytes());
  for (const { name, bytes } of sources) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), await bytes());
  }
  const [packed, unpacked] = await Promise.all(
    ['recordings.zip', 'recordings'].map((path) => run(['evaluate', path, '--json'], { cwd: folder })),
  );
  expect(packed).toMatchObject({ code: 0, stderr: '' });
  const figures = ({ stdout }: { stdout: string }) => JSON.parse(stdout.replaceAll('recordings.zip/', ''));
  expect(figures(packed!)).toEqual(figures(unpacked!));
});

it('ends at Ctrl-C, and writes nothing then', { timeout: 200_000 }, async () => {
  const folder = await emptyFolder();
  await mkdir(join(folder, 'happy'));
  for (let i = 0; i < 500; i++) await symlink(join(clips, 'in-turns.wav'), join(folder, `happy/${i}.wav`));
  const line = `"${process.execPath}" "${main}" evaluate happy --audit audit.html --json > figures.json`;
  const { code, stdout } = await runAny('script', ['-qec', line, '/dev/null'], {
    cwd: folder,
    isOpen: true,
    watch: (child) => child.stdout!.on('data', (text) => / %,/.test(text) && child.stdin!.write('\x03')),
  });
  expect([code, stdout]).toEqual([130, expect.stringMatching(/Stopped\.\r\n$/)]);
  expect((await readdir(folder)).sort()).toEqual(['figures.json', 'happy']);
  expect(await readFile(join(folder, 'figures.json'), 'utf8')).toBe('');
});
