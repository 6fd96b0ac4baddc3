import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResultFile, RobustnessFile } from '../../experiments/results/resultFile.ts';
import { PERTURBATIONS } from '../../experiments/robustness/perturbations.ts';
import { tinyWav } from '../support/fakeRavdess.ts';
import { runProgram, writeFakeCorpus } from '../support/program.ts';

const ACTORS = [1, 2, 3, 8, 10]; // one of each fold of si5

/* On a made-up corpus: a tone for each emotion. */

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speech-emotion-evaluate-'));
  await writeFakeCorpus(join(folder, 'corpus'), ACTORS);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

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
    expect(other.stderr).toMatch(/si5.json: it holds results of another configuration/);

    // Oracle: one fold after the other, in one thread; another folder for what is done.
    await rm(join(folder, 'runs/folds'), { recursive: true });
    const alone = [...parameters, '--out', 'alone', '--protocol', 'si5', '--folds', '0-1', '--workers', '1'];
    expect((await runProgram('experiments/protocols/evaluate.ts', alone, folder)).stderr).toBe('');
    const untimed = ({ runs }: ResultFile) => runs.map(({ seconds, ...rest }) => rest);
    expect(untimed(await resultsIn('alone'))).toEqual(untimed(results));
  }, 300_000);

  it('asks models that were kept again, and trains nothing', async () => {
    const oneFold = [...parameters, '--protocol', 'si5', '--folds', '0', '--workers', '1', '--models'];
    const first = await runProgram('experiments/protocols/evaluate.ts', [...oneFold, 'kept', '--out', 'first'], folder);
    expect(first.stderr).toBe('');
    const trained = await resultsIn('first');
    const parted = JSON.stringify({ ...trained, commit: 'abc1234', runs: [{ ...trained.runs[0], seconds: 77 }] });
    await writeFile(join(folder, 'recorded.json'), parted);
    await rm(join(folder, 'runs/folds'), { recursive: true });

    const asked = [...oneFold, 'again', '--trained', 'kept', '--out', 'asked'];
    const again = await runProgram(
      'experiments/protocols/evaluate.ts',
      [...asked, '--recorded', 'recorded.json'],
      folder,
    );
    expect(again.stderr).toBe('');
    expect(again.stdout).not.toMatch(/: epoch \d/);
    // Oracle: what the models said when they had been trained; when that was, by the file that is given.
    expect(await resultsIn('asked')).toEqual(JSON.parse(parted));
    const without = await runProgram('experiments/protocols/evaluate.ts', asked, folder);
    expect(without.stderr).toMatch('Cannot evaluate: --trained and --recorded must be given together');
  }, 300_000);

  it('permutes the labels for a control, and stores the permuted labels', async () => {
    const control = [
      ...parameters,
      '--out',
      'control',
      '--protocol',
      'si5',
      '--folds',
      '0',
      '--permuted',
      '--speeds',
      'none',
    ];
    const { code, stdout, stderr } = await runProgram('experiments/protocols/evaluate.ts', control, folder);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^UAR .*permuted labels, only folds 0$/m);
    const { truth, runs, config } = await resultsIn('control', 'permuted');
    expect(config.speeds).toEqual([]);
    const named = Object.keys(truth!).map((name) => Number(name.slice(6, 8)) - 1);
    expect(Object.values(truth!)).not.toEqual(named);
    expect(Object.values(truth!).sort()).toEqual(named.sort()); // each label as often as before
    expect(Object.keys(runs[0]!.testClips).every((name) => name in truth!)).toBe(true);
  }, 120_000);

  it('tests perturbed clips too, and reports on the original clips', async () => {
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
    // Oracle: for the original clips, the likeliest label in the other file.
    const likeliest = clips.map(([, probabilities]) => probabilities.indexOf(Math.max(...probabilities)));
    expect(conditions[0]!.runs[0]!.recognised).toBe(likeliest.join(''));
    expect(labels).toHaveLength(8);
  }, 120_000);

  const resultsIn = async (out: string, name = 'si5'): Promise<ResultFile> =>
    JSON.parse(await readFile(join(folder, out, `${name}.json`), 'utf8'));

  it('leaves one corpus out, and trains on other corpora where they are given', async () => {
    await writeFakeCorpora(join(folder, 'others'));
    const loco = [...parameters, '--out', 'loco', '--protocol', 'loco', '--corpora', 'others', '--models', 'models'];
    const first = await runProgram('experiments/protocols/evaluate.ts', [...loco, '--config', 'voices'], folder);
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    const { runs, clips, labels }: ResultFile = await resultsIn('loco', 'loco-voices');
    expect(runs.map(({ fold, testClips }) => [fold, Object.keys(testClips).sort()])).toEqual([
      ['loco/EMOVO', ['gio-f1-b1.wav', 'rab-m1-b1.wav', 'tri-f1-b1.wav']],
      ['loco/TESS', ['OAF_back_angry.wav', 'YAF_back_happy.wav', 'YAF_back_sad.wav']],
    ]);
    expect(clips!['tri-f1-b1.wav']).toEqual({ label: labels.indexOf('sad'), speaker: 'EMOVO f1', sex: 'female' });
    // Oracle: the kept models, which were trained on all speakers but those of their corpus.
    for (const [corpus, speakers] of [
      ['EMOVO', ACTORS.length + 2],
      ['TESS', ACTORS.length + 2],
    ] as const) {
      const model = JSON.parse(await readFile(join(folder, `models/loco-${corpus}-seed1/model.json`), 'utf8'));
      expect(JSON.stringify(model)).toContain(`"speakers":${speakers}`);
    }

    const si5 = [...parameters, '--out', 'more', '--protocol', 'si5', '--folds', '0', '--corpora', 'others'];
    const more = await runProgram('experiments/protocols/evaluate.ts', [...si5, '--models', 'models'], folder);
    expect(more.stderr).toBe('');
    expect((await resultsIn('more')).runs.map(({ fold }) => fold)).toEqual(['actors5/0']);
    const model = await readFile(join(folder, 'models/actors5-0-seed1/model.json'), 'utf8');
    expect(model).toContain(`"speakers":${ACTORS.length - 1 + 4}`);
  }, 180_000);

  it('refuses wrong options in one line, without a stack', async () => {
    for (const [wrong, message] of [
      [['--protocol', 'best'], /--protocol must be si5, si6, sd10, loco, got 'best'/],
      [
        ['--protocol', 'si5', '--config', 'secret'],
        /--config must be independent, dependent, small, voices, small-voices, got 'secret'/,
      ],
      [['--protocol', 'si5', '--folds', '5'], /--folds must be from 0 to 4, got 5/],
      [
        ['--protocol', 'si5', '--speeds', '1.06,x'],
        /--speeds: it must be numbers such as 0.94,1.06, or none, got 1.06,x/,
      ],
      [['--protocol', 'si5', '--workers', '0'], /workers must be a whole number from 1 to 1024, got 0/],
      [['--protocol', 'loco'], /Cannot leave a corpus out: --corpora must name a folder of corpora/],
      [['--protocol', 'sd10'], /folds must be a whole number from 2 to 5/], // five clips an emotion
    ] as const) {
      const { code, stderr } = await runProgram('experiments/protocols/evaluate.ts', [...parameters, ...wrong], folder);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(code).toBe(1);
    }
  }, 120_000);
});

/** Two clips of one speaker and one of another, of each of two corpora. */
async function writeFakeCorpora(path: string): Promise<void> {
  const names = ['f1/gio-f1-b1', 'f1/tri-f1-b1', 'm1/rab-m1-b1'].map((name) => `EMOVO/${name}.wav`);
  const others = ['OAF_back_angry', 'YAF_back_happy', 'YAF_back_sad'].map((name) => `TESS/${name}.wav`);
  for (const [i, name] of [...names, ...others].entries()) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), tinyWav({ samples: 16_000, hz: 300 + 50 * i }));
  }
}

/** Recall averaged over the labels that have clips, from its definition. */
function uarOf(confusion: number[][]): number {
  const recalls = confusion.flatMap((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return total > 0 ? [row[i]! / total] : [];
  });
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}
