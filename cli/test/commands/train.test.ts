import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  buildCnnLstm,
  EMOTIONS,
  examplesOf,
  LabelledDataset,
  prepareExamples,
  saveModel,
  type TrainReport,
  train,
} from 'speech-emotion';
import { modelDirectory, openSources } from 'speech-emotion/node';
import { expect, it } from 'vitest';
import { fakeRavdess, zipOf } from '../../../test/support/fakeRavdess.ts';
import { startBackend } from '../../src/openClassifier.ts';
import { trainingConfig } from '../../src/trainings/trainingConfig.ts';
import { emptyFolder } from '../support/folder.ts';
import { clips, main, run, runAny } from '../support/program.ts';

/** A network that trains in no time. */
const network = { convolution: [{ filters: 4, pool: [4, 4] as [number, number] }], recurrent: { units: 4 } };
const speaker = '/([a-z]+)_[^/]*$';

/** A folder with two clips of each speaker, and a configuration. */
async function folderOfClips(speakers = ['ann', 'bob', 'cid', 'dot']): Promise<string> {
  const folder = await emptyFolder();
  for (const name of speakers) {
    for (const [label, clip] of [
      ['happy', 'lively'],
      ['sad', 'slow'],
    ]) {
      const path = join(folder, `recordings/${label}/${name}_1.wav`);
      await mkdir(dirname(path), { recursive: true });
      await cp(join(clips, `${clip}.wav`), path);
    }
  }
  await writeFile(join(folder, 'small.json'), JSON.stringify({ network }));
  return folder;
}

/** The weights of a model: the bytes of its file. */
async function weightsOf(folder: string): Promise<Buffer> {
  const names = await readdir(folder);
  expect(names).toHaveLength(2); // model.json is the other one
  return readFile(join(folder, names.find((name) => name.endsWith('.bin'))!));
}

it('trains what the library trains of the same options (oracle), and the model classifies', async () => {
  const folder = await folderOfClips();
  const words = ['train', 'recordings', '--config', 'small.json', '--speaker', speaker, '--epochs', '3', '--seed', '5'];
  const { code, stdout, stderr } = await run([...words, '--out', 'model', '--json'], { cwd: folder });
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^(epoch \d of 3: loss .* on speakers held out.*\n){3}$/)]);
  expect((await readdir(folder)).sort()).toEqual(['model', 'recordings', 'small.json']);

  await startBackend();
  const sources = await openSources(join(folder, 'recordings'));
  const dataset = await LabelledDataset.from(sources, { speaker: (name) => new RegExp(speaker).exec(name)?.[1] });
  const { train: seen, test } = dataset.splitBySpeaker({ speakers: 1, seed: 5 });
  const examples = await prepareExamples(dataset, { speeds: [0.94, 1.06] });
  const built = buildCnnLstm({ ...network, classes: 2, seed: 5 });
  const report: TrainReport = await train(built, examplesOf(examples, seen), {
    ...{ epochs: 3, seed: 5, validation: examplesOf(examples, test) },
  });
  const { history, bestEpoch, stoppedEarly } = report;
  expect(JSON.parse(stdout)).toEqual({
    ...{ out: 'model', labels: ['happy', 'sad'], clips: 6, heldOut: test.speakers, bestEpoch, stoppedEarly, history },
  });
  await saveModel(report.model, modelDirectory(join(folder, 'wanted')));
  built.dispose();
  expect((await weightsOf(join(folder, 'model'))).equals(await weightsOf(join(folder, 'wanted')))).toBe(true);

  const heard = await run(['classify', join(clips, 'flat.wav'), '--model', 'model', '--json'], { cwd: folder });
  expect(JSON.parse(heard.stdout)).toMatchObject({
    ...{ label: expect.stringMatching(/happy|sad|unsure/), score_sad: expect.any(Number) },
  });
});

it('stopped by Ctrl-C, goes on to the weights of an unbroken run', { timeout: 200_000 }, async () => {
  const folder = await folderOfClips();
  const words = ['train', 'recordings', '--config', 'small.json', '--validate', '0', '--epochs', '150', '--out'];
  const stopped = await run([...words, 'model'], {
    cwd: folder,
    watch: (child) => child.stderr!.on('data', (text) => /epoch 2 /.test(text) && child.kill('SIGINT')),
  });
  expect(stopped).toMatchObject({ code: 130, stdout: '' });
  expect(stopped.stderr).toMatch(
    /^The same command goes on with .*\/model\.checkpoint \(epochs done: \d+\)\.\nStopped\.\n$/m,
  );
  expect((await readdir(folder)).sort()).toEqual(['model.checkpoint', 'recordings', 'small.json']);

  const other = await run([...words, 'model', '--seed', '2'], { cwd: folder });
  expect(other.stderr).toMatch(
    /^Cannot go on with .*model\.checkpoint, --force begins anew: .* the checkpoint is of a run with another/,
  );
  expect(other.code).toBe(1);

  const resumed = await run([...words, 'model'], { cwd: folder });
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).toMatch(/^Going on \(epochs done: \d+\)\.\n/);
  expect(resumed.stderr).not.toMatch(/epoch 1 /);
  const unbroken = await run([...words, 'unbroken'], { cwd: folder });
  expect([unbroken.code, unbroken.stdout]).toEqual([0, 'unbroken: 8 clips, epoch 150 of 150\n']);
  expect((await readdir(folder)).sort()).toEqual(['model', 'recordings', 'small.json', 'unbroken']);
  expect((await weightsOf(join(folder, 'model'))).equals(await weightsOf(join(folder, 'unbroken')))).toBe(true);

  // A model that is done stays, until --force has made another one.
  const again = await run([...words, 'model'], { cwd: folder });
  expect([again.code, again.stderr]).toEqual([2, expect.stringMatching(/--out model holds a model: --force/)]);
  const before = await weightsOf(join(folder, 'model'));
  const forced = await run([...words, 'model', '--seed', '2', '--force'], {
    cwd: folder,
    watch: (child) => child.stderr!.on('data', (text) => /epoch 2 /.test(text) && child.kill('SIGTERM')),
  });
  expect(forced).toMatchObject({
    code: 143,
    stderr: expect.stringMatching(/^The same command, without --force, goes/m),
  });
  expect((await weightsOf(join(folder, 'model'))).equals(before)).toBe(true);
  expect((await run([...words, 'model', '--seed', '2'], { cwd: folder })).code).toBe(0);
  expect((await weightsOf(join(folder, 'model'))).equals(before)).toBe(false);
});

it('has examples, each of which runs', { timeout: 200_000 }, async () => {
  const folder = await folderOfClips(['ann', 'bob']);
  const archive = await zipOf(fakeRavdess('speech', [1, 2]));
  await writeFile(join(folder, 'Audio_Speech_Actors_01-24.zip'), await archive.bytes());
  const { stdout } = await run(['train', '--help']);
  const examples = [...stdout.matchAll(/^ +\$ (.*)$/gm)].map(([, example]) => example!);
  expect(examples).toHaveLength(3);
  for (const example of examples) {
    // Two epochs show what sixty do.
    const line = `${example.replace('speech-emotion', `"${process.execPath}" "${main}"`)} --epochs 2`;
    const { code, stderr } = await runAny('bash', ['-c', line], { cwd: folder });
    expect([example, code, stderr]).toEqual([example, 0, expect.stringMatching(/^(epoch \d of 2: .*\n){2}$/)]);
  }
  expect(JSON.parse(await readFile(join(folder, 'epochs.json'), 'utf8')).history).toHaveLength(2);
  const model = JSON.parse(await readFile(join(folder, 'small-model/model.json'), 'utf8'));
  expect(model.userDefinedMetadata['speech-emotion'].labels).toEqual(EMOTIONS);
});

it('says what is wrong with a configuration, by the name of what it is', async () => {
  const config = join(await emptyFolder(), 'c.json');
  for (const [content, message] of [
    ['{', /JSON/],
    ['[]', /: it must be an object, got \[\]/],
    ['{"netwrok": {}}', /: its parts must be among features, network, .*, got netwrok/],
    ['{"network": 5}', /: network must be an object, got 5/],
    ['{"train": {"signal": {}}}', /: train\.signal must be left out/],
  ] as const) {
    await writeFile(config, content);
    await expect(trainingConfig({ config })).rejects.toThrow(/^Cannot read the configuration .*c\.json: /);
    await expect(trainingConfig({ config })).rejects.toThrow(message);
  }
  await expect(trainingConfig({ config: 'none.json' })).rejects.toThrow(
    /^Cannot read the configuration none.json: ENO/,
  );
});

it('takes flags before the configuration, and that before defaults', async () => {
  const config = join(await emptyFolder(), 'c.json');
  await writeFile(config, '{"train": {"epochs": 7, "seed": 3}, "network": {"seed": 4}, "speeds": []}');
  expect(await trainingConfig({ config })).toMatchObject({
    ...{ seed: 3, speeds: [], network: { seed: 4 }, train: { epochs: 7, seed: 3 } },
  });
  expect(await trainingConfig({ config, epochs: 2, seed: 9 })).toMatchObject({
    ...{ seed: 9, network: { seed: 9 }, train: { epochs: 2, seed: 9 } },
  });
});

it('says what is wrong, and leaves nothing', { timeout: 200_000 }, async () => {
  const folder = await folderOfClips();
  await mkdir(join(folder, 'alone/happy'), { recursive: true });
  await cp(join(clips, 'slow.wav'), join(folder, 'alone/happy/ann_1.wav'));
  const refused = async (words: string[], message: RegExp, exitCode = 1) => {
    const { code, stdout, stderr } = await run(['train', ...words], { cwd: folder });
    expect([words, code, stdout, stderr]).toEqual([words, exitCode, '', expect.stringMatching(message)]);
    expect(stderr).not.toMatch(/^ +at /m);
  };
  const configured = async (config: unknown, message: RegExp) => {
    await writeFile(join(folder, 'c.json'), JSON.stringify(config));
    await refused(['recordings', '--validate', '0', '--config', 'c.json', '--out', 'm'], message);
  };
  await configured({ network: { recurrent: { unit: 4 } } }, /\bunit\b/);
  await configured({ network, train: { epochs: 0 } }, /^Cannot train: epochs must be .*, got 0/);
  await refused(['recordings', '--out', 'm'], /it must be known who speaks in each clip, not so in .*--speaker tells/);
  await refused(['alone', '--speaker', speaker, '--out', 'm'], /some must be left to train on, got 1 of 1 to hold out/);
  await refused(['alone', '--validate', '0', '--out', 'm'], /classes must be .*, got 1/);
  await refused(['recordings'], /required option '--out <folder>'/, 2);
  expect((await readdir(folder)).filter((name) => name.startsWith('m'))).toEqual([]);
});
