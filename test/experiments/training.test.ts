import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { EmotionClassifier, evaluate, loadModel, type ModelSettings, prepareExamples } from 'speech-emotion';
import { fitTemperature, summarise } from 'speech-emotion/evaluation';
import { modelDirectory, openRavdess } from 'speech-emotion/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LearningCurveFile, ResultFile, RobustnessFile } from '../../experiments/results/resultFile.ts';
import { PERTURBATIONS } from '../../experiments/robustness/perturbations.ts';
import { fakeRavdess, tinyWav, zipOf } from '../support/fakeRavdess.ts';
import { runProgram, writeFakeCorpus } from '../support/program.ts';

/* The examples that train, on a made-up corpus: a tone for each emotion. */

let folder: string;
const ACTORS = [1, 2, 3, 8, 10]; // one of each fold of si5

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speech-emotion-train-'));
  await writeFakeCorpus(join(folder, 'corpus'), ACTORS);
  await tf.setBackend('wasm');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Recall averaged over the labels that have clips, from its definition. */
function uarOf(confusion: number[][]): number {
  const recalls = confusion.flatMap((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return total > 0 ? [row[i]! / total] : [];
  });
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

describe('npm run train', () => {
  const parameters = ['--data', 'corpus', '--epochs', '3', '--batch-size', '8', '--test-actors', '2,8'];

  it('trains, evaluates on unseen actors, and writes a model that gives the same figures', async () => {
    const { code, stdout, stderr } = await runProgram(
      'experiments/training/train.ts',
      [...parameters, '--out', 'whole'],
      folder,
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Trains on actors \d+, \d+; validates on \d+; tests on 2, 8\.$/m);
    expect(stdout.match(/^Epoch \d of 3: loss \d\.\d{3}, in validation \d\.\d{3} with UAR/gm)).toHaveLength(3);
    expect(stdout).toMatch(/UAR \d.* tested on actors 2, 8, never seen in training or validation/);

    const results = JSON.parse(await readFile(join(folder, 'whole/evaluation.json'), 'utf8'));
    const { evaluation, actors } = results;
    expect([...actors.train, ...actors.validation, ...actors.test].sort((a, b) => a - b)).toEqual(ACTORS);
    expect(evaluation.confusion.flat().reduce((sum: number, count: number) => sum + count)).toBe(16); // 2 actors, 8 clips
    expect(evaluation.uar).toBeCloseTo(uarOf(evaluation.confusion), 12);
    expect(stdout).toContain(`UAR ${(100 * evaluation.uar).toFixed(1)} %`);

    const model = await loadModel(modelDirectory(join(folder, 'whole/model')));
    const test = (await openRavdess(join(folder, 'corpus'))).filter({ actors: [2, 8] });
    const again = await evaluate(model, await prepareExamples(test, { labels: test.labels }));
    expect(again.confusion).toEqual(evaluation.confusion);
    expect(model.settings.training.evaluation?.metrics.uar).toBe(evaluation.uar);
    expect(model.settings.training.data.licence).toBe('CC BY-NC-SA 4.0');
    model.network.dispose();

    const report = await readFile(join(folder, 'whole/report.html'), 'utf8');
    expect(report.match(/<svg /g)).toHaveLength(2);
    expect(report).toContain('never seen in training or validation');
  }, 300_000);

  it('killed, goes on with the same command and ends in the same weights; features come from the cache', async () => {
    const killed = await runProgram(
      'experiments/training/train.ts',
      [...parameters, '--out', 'killed'],
      folder,
      (child, stdout) => {
        if (stdout.includes('Epoch 2 of 3')) child.kill('SIGKILL');
      },
    );
    expect(killed.code).toBe(null);
    expect(killed.stdout).toMatch(/^Features of 40 clips: from \.cache/m);
    const resumed = await runProgram('experiments/training/train.ts', [...parameters, '--out', 'killed'], folder);
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).toMatch(/^Going on after epoch [12]\.$/m);
    expect(resumed.stdout).not.toContain('Epoch 1 of 3');
    // Oracle: the run above, which nothing stopped.
    const [whole, killedOnce] = await Promise.all(
      ['whole', 'killed'].map((name) => weightsIn(join(folder, name, 'model'))),
    );
    expect(differenceOf(whole!, killedOnce!)).toBeLessThan(1e-5); // wasm; bit for bit on cpu, see test/training
  }, 300_000);

  it('interrupted by Ctrl-C, says so, and goes on with the same command', async () => {
    const stopped = await runProgram(
      'experiments/training/train.ts',
      [...parameters, '--out', 'stopped'],
      folder,
      (child, stdout) => {
        if (stdout.includes('Epoch 1 of 3')) child.kill('SIGINT');
      },
    );
    expect(stopped.stderr.trim()).toBe('Stopped. The same command goes on from here.');
    expect(stopped.code).toBe(1);
    const resumed = await runProgram('experiments/training/train.ts', [...parameters, '--out', 'stopped'], folder);
    expect(resumed.stdout).toMatch(/^Going on after epoch [12]\.$/m);
    expect(resumed.code).toBe(0);
  }, 300_000);

  it('says in one line what it cannot do', async () => {
    for (const [wrong, message] of [
      [['--epochs', '3'], /--data must name an archive or a folder/],
      [['--data', 'nowhere'], /Cannot read 'nowhere'/],
      [['--data', 'corpus', '--epochs', 'many'], /--epochs: it must be a whole number, got many/],
      [['--data', 'corpus', '--test-actors', '7'], /test speakers must be among 01, 02, 03, 08, 10, got 07/],
      [[...parameters, '--seed', '2', '--out', 'whole'], /checkpoint is of a run with another network.*--fresh/s],
    ] as const) {
      const { code, stderr } = await runProgram('experiments/training/train.ts', wrong, folder);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(code).toBe(1);
    }
  }, 300_000);
});

describe('npm run evaluate', () => {
  const parameters = ['--data', 'corpus', '--epochs', '1', '--batch-size', '8', '--out', 'si5'];

  it('cross-validates by protocol, names it beside each figure, and keeps folds that are done', async () => {
    const twoFolds = [...parameters, '--protocol', 'si5', '--folds', '0-1', '--workers', '2'];
    const first = await runProgram('experiments/protocols/evaluate.ts', twoFolds, folder);
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    const lines = first.stdout.match(/^Fold \d of 2: UAR .*actors5\/\d, seed 1$/gm)!;
    expect(lines.map((line) => line.at(line.indexOf('actors5/') + 8)).sort()).toEqual(['0', '1']);
    expect(first.stdout.match(/^actors5\/\d, seed 1: epoch 1 of 1, loss \d\.\d{3}$/gm)).toHaveLength(2);
    expect(first.stdout).toMatch(
      /^UAR .*; seed 1; si5, speaker-independent, the five actor folds .*, only folds 0,1$/m,
    );
    expect(first.stdout).toContain('Checked: No speaker is both trained on and tested in a fold.');
    const results = await resultsIn('si5');
    expect(results.runs.map(({ seed, fold }) => `${seed} ${fold}`)).toEqual(['1 actors5/0', '1 actors5/1']);
    // Oracle: actors, emotions and UAR, worked out from the names of the clips that the file holds.
    const clips = results.runs.flatMap(({ testClips }) => Object.entries(testClips));
    expect(clips.map(([name]) => name.slice(18, 20))).toEqual(['02', '03'].flatMap((actor) => Array(8).fill(actor)));
    const confusion = results.labels.map(() => results.labels.map(() => 0));
    for (const [name, probabilities] of clips) {
      const right = Number(name.slice(6, 8)) - 1; // 01 neutral, the first label
      confusion[right]![probabilities.indexOf(Math.max(...probabilities))]!++;
      expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 3);
    }
    expect(first.stdout).toContain(`\nUAR ${(100 * uarOf(confusion)).toFixed(1)} %, WAR`);

    const again = await runProgram('experiments/protocols/evaluate.ts', twoFolds, folder);
    expect(again.stdout).not.toMatch(/: epoch \d/);
    expect(await resultsIn('si5')).toEqual(results);
    const other = await runProgram('experiments/protocols/evaluate.ts', [...twoFolds, '--epochs', '2'], folder);
    expect(other.stderr).toMatch(/si5.json: it holds results of another recipe/);

    // Oracle: one fold after the other, in one thread; another folder for what is done.
    await rm(join(folder, 'runs/folds'), { recursive: true });
    const alone = [...parameters, '--out', 'alone', '--protocol', 'si5', '--folds', '0-1', '--workers', '1'];
    expect((await runProgram('experiments/protocols/evaluate.ts', alone, folder)).stderr).toBe('');
    const untimed = ({ runs }: ResultFile) => runs.map(({ seconds, ...rest }) => rest);
    expect(untimed(await resultsIn('alone'))).toEqual(untimed(results));
  }, 300_000);

  it('deals the labels out anew for a control, and keeps what counts as right', async () => {
    const control = [...parameters, '--out', 'control', '--protocol', 'si5', '--folds', '0', '--permuted'];
    const { code, stdout, stderr } = await runProgram('experiments/protocols/evaluate.ts', control, folder);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^UAR .*labels dealt out anew, only folds 0$/m);
    const { truth, runs } = await resultsIn('control', 'permuted');
    const named = Object.keys(truth!).map((name) => Number(name.slice(6, 8)) - 1);
    expect(Object.values(truth!)).not.toEqual(named);
    expect(Object.values(truth!).sort()).toEqual(named.sort()); // each label as often as before
    expect(Object.keys(runs[0]!.testClips).every((name) => name in truth!)).toBe(true);
  }, 120_000);

  it('tests the clips made worse, too, and reports on the clips as they are', async () => {
    const robust = [...parameters, '--out', 'robust', '--protocol', 'si5', '--folds', '0', '--robustness'];
    const { code, stderr } = await runProgram('experiments/protocols/evaluate.ts', robust, folder);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { runs, labels } = await resultsIn('robust');
    const clips = Object.entries(runs[0]!.testClips).sort(([a], [b]) => (a < b ? -1 : 1));
    expect(clips).toHaveLength(8);
    const { conditions }: RobustnessFile = JSON.parse(await readFile(join(folder, 'robust/robustness.json'), 'utf8'));
    expect(conditions.map(({ name }) => name)).toEqual(PERTURBATIONS.map(({ name }) => name));
    for (const { runs } of conditions) expect(runs.map(({ recognised }) => recognised.length)).toEqual([8]);
    // Oracle: of the clips as they are, the likeliest label in the other file.
    const likeliest = clips.map(([, probabilities]) => probabilities.indexOf(Math.max(...probabilities)));
    expect(conditions[0]!.runs[0]!.recognised).toBe(likeliest.join(''));
    expect(labels).toHaveLength(8);
  }, 120_000);

  const resultsIn = async (out: string, name = 'si5'): Promise<ResultFile> =>
    JSON.parse(await readFile(join(folder, out, `${name}.json`), 'utf8'));

  it('says in one line what it cannot do', async () => {
    for (const [wrong, message] of [
      [['--protocol', 'best'], /--protocol must be si5, si6, sd10, got 'best'/],
      [['--protocol', 'si5', '--recipe', 'secret'], /--recipe must be independent, dependent, small, got 'secret'/],
      [['--protocol', 'si5', '--folds', '5'], /--folds must be from 0 to 4, got 5/],
      [['--protocol', 'si5', '--workers', '0'], /workers must be a whole number from 1 to 1024, got 0/],
      [['--protocol', 'sd10'], /folds must be a whole number from 2 to 5/], // five clips an emotion
    ] as const) {
      const { code, stderr } = await runProgram('experiments/protocols/evaluate.ts', [...parameters, ...wrong], folder);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(code).toBe(1);
    }
  }, 120_000);
});

describe('npm run train:release', () => {
  it.each([
    ['independent', 'all/si5.json', 'model'],
    ['small', 'all/si5-small.json', 'small'],
  ])(
    'trains on all actors; what it says of itself is what the cross-validation of its recipe, %s, found',
    async (config, results, name) => {
      const parameters = ['--data', 'corpus', '--epochs', '1', '--recipe', config];
      const folds = await runProgram(
        'experiments/protocols/evaluate.ts',
        [...parameters, '--protocol', 'si5', '--out', 'all'],
        folder,
      );
      expect(folds.stderr).toBe('');
      const release = [...parameters, '--results', results, '--out', 'pretrained', '--run', config];
      const { code, stdout, stderr } = await runProgram('experiments/release/trainRelease.ts', release, folder);
      expect(stderr).toBe('');
      expect(code).toBe(0);
      expect(stdout).toContain('Trains on 40 clips of 5 actors.');

      const weights = () => readFile(join(folder, `pretrained/${name}.bin`));
      const released = async () => {
        const json = JSON.parse(await readFile(join(folder, `pretrained/${name}.json`), 'utf8'));
        const model = await loadModel({ json, weights: new Uint8Array(await weights()) });
        model.network.dispose();
        return model.settings;
      };
      const first = await released();
      const { labels, calibration, training } = first;
      expect(training.data).toMatchObject({ recordings: 40, speakers: 5, name: 'RAVDESS speech, 5 actors' });
      // Oracle: temperature and UAR, worked out from the probabilities in the file of results.
      const found = async () => {
        const { runs }: ResultFile = JSON.parse(await readFile(join(folder, results), 'utf8'));
        const clips = runs.flatMap(({ testClips }) => Object.entries(testClips));
        return clips.map(([name, probabilities]) => ({
          ...{ name, probabilities, label: Number(name.slice(6, 8)) - 1, speaker: name.slice(18, 20), groups: {} },
        }));
      };
      const predictions = await found();
      expect(calibration.temperature).toBeCloseTo(fitTemperature(predictions), 6);
      expect(training.evaluation!.metrics.uar).toBeCloseTo(
        summarise(labels, [{ predictions, temperature: 1 }]).uar,
        12,
      );

      const other = await runProgram('experiments/release/trainRelease.ts', [...release, '--epochs', '2'], folder);
      expect(other.stderr).toContain(`${results} must hold results of the model's recipe`);

      const before = await weights();
      const second = [...parameters, '--protocol', 'si5', '--out', 'all', '--seed', '2'];
      expect((await runProgram('experiments/protocols/evaluate.ts', second, folder)).stderr).toBe('');
      const calibrate = ['--recipe', config, '--results', results, '--out', 'pretrained'];
      expect((await runProgram('experiments/release/calibrateRelease.ts', calibrate, folder)).stderr).toBe('');
      expect(await weights()).toEqual(before);
      const again = await released();
      const more = await found();
      expect(more).toHaveLength(2 * predictions.length);
      expect(again.calibration.temperature).toBeCloseTo(fitTemperature(more), 6);
      expect(again.training.evaluation!.protocol).toContain('2 seeds');
      const rest = ({ calibration: _, training: { evaluation: __, ...own }, ...others }: ModelSettings) => [
        own,
        others,
      ];
      expect(rest(again)).toEqual(rest(first));

      const nowhere = await runProgram(
        'experiments/release/calibrateRelease.ts',
        ['--recipe', config, '--out', 'nowhere'],
        folder,
      );
      expect(nowhere.stderr).toContain(`--out must be where ${name}.json lies, got 'nowhere'`);
      const empty = ['--recipe', config, '--out', 'pretrained', '--results', 'none.json'];
      expect((await runProgram('experiments/release/calibrateRelease.ts', empty, folder)).stderr).toContain(
        "none.json must hold results of the model's recipe, got no such file",
      );
      const odd = config === 'small' ? 'model' : 'small';
      for (const end of ['json', 'bin']) {
        await copyFile(join(folder, `pretrained/${name}.${end}`), join(folder, `pretrained/${odd}.${end}`));
      }
      const refused = await runProgram(
        'experiments/release/calibrateRelease.ts',
        ['--recipe', config === 'small' ? 'independent' : 'small', '--out', 'pretrained'],
        folder,
      );
      expect(refused.stderr).toContain('the model must be of the recipe, got one of another network');
    },
    300_000,
  );
});

describe('npm run learning-curve', () => {
  it('tests the same clips, trained on fewer actors; another call adds its points', async () => {
    const parameters = ['--data', 'corpus', '--epochs', '1', '--out', 'curve', '--workers', '1'];
    for (const actors of ['2', '1']) {
      const { code, stderr } = await runProgram(
        'experiments/protocols/learningCurve.ts',
        [...parameters, '--actors', actors],
        folder,
      );
      expect(stderr).toBe('');
      expect(code).toBe(0);
    }
    const { points } = JSON.parse(
      await readFile(join(folder, 'curve/learning-curve.json'), 'utf8'),
    ) as LearningCurveFile;
    expect(points.map(({ actors }) => actors)).toEqual([1, 2]);
    const tested = points.map(({ runs }) => runs.flatMap(({ testClips }) => Object.keys(testClips)).sort());
    expect(tested[0]).toHaveLength(5 * 8);
    expect(tested[1]).toEqual(tested[0]);
    const many = await runProgram('experiments/protocols/learningCurve.ts', [...parameters, '--actors', '4'], folder);
    expect(many.stderr).toContain('--actors must be below 4, got 4');
  }, 120_000);
});

describe('crossValidate.ts', () => {
  it('tests every clip of an archive once', async () => {
    const clips = fakeRavdess('speech', [1, 2]).filter(({ name }) => /-01-01-01-\d\d\.wav$/.test(name));
    await writeFile(join(folder, 'two.zip'), new Uint8Array(await (await zipOf(clips)).arrayBuffer()));
    const { code, stdout, stderr } = await runProgram('examples/node/crossValidate.ts', ['two.zip', '1'], folder);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.match(/^speaker2\/[01]: UAR /gm)).toHaveLength(2);
    expect(stdout).toContain('16 clips of 2 speakers');
  }, 120_000);
});

describe('ownRecordings.ts', () => {
  it('trains on labelled folders and saves a model that loads', async () => {
    for (const [label, hz] of Object.entries({ bored: 200, excited: 900 })) {
      await mkdir(join(folder, 'own', label), { recursive: true });
      for (const speaker of ['anna', 'ben', 'cem', 'dora']) {
        const wav = tinyWav({ samples: 6400, hz });
        for (const take of [1, 2]) await writeFile(join(folder, 'own', label, `${speaker}_${take}.wav`), wav);
      }
    }
    await writeFile(join(folder, 'own', 'notes.txt'), 'not a recording');
    const { code, stdout, stderr } = await runProgram('examples/node/ownRecordings.ts', ['own', '2'], folder);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('16 recordings of 4 speakers: bored, excited');
    expect(stdout).toMatch(/left out: own\/notes\.txt/);
    expect(stdout).toContain('4 clips of 1 speakers');
    const classifier = await EmotionClassifier.load(modelDirectory(join(folder, 'runs/own-model')));
    const { label } = await classifier.classify(tinyWav({ samples: 6400, hz: 900 }));
    expect(classifier.labels).toContain(label);
    expect(classifier.labels).toEqual(['bored', 'excited']);
    classifier.dispose();
  }, 120_000);
});

/** The one weights file of a saved model. */
async function weightsIn(folder: string): Promise<Float32Array> {
  const name = (await readdir(folder)).find((file) => file.endsWith('.bin'));
  return new Float32Array(new Uint8Array(await readFile(join(folder, name!))).buffer);
}

function differenceOf(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
