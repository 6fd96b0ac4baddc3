// how many kills → what became of trainings, cross-validations and saved models, against such as nobody killed

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModel, saveModel } from 'speech-emotion';
import { RandomStream } from 'speech-emotion/layers';
import { modelDirectory } from 'speech-emotion/node';
import { smallModel, weightsOf } from '../smallWork.ts';
import { live } from './lives.ts';

/** What kills led to. */
export interface KillTally {
  /** Processes that were killed. */
  readonly kills: number;
  /** Works of which each was killed several times. */
  readonly runs: number;
  /** Works that ended otherwise than one that nobody killed, and how. */
  readonly otherwise: readonly string[];
}

/** How often is killed. */
export interface KillOptions {
  readonly seed: number;
  /** Works at least; each is killed up to five times. */
  readonly runs: number;
  /** Works at a time. */
  readonly workers: number;
}

const KILLS_A_RUN = 5;

/** Trainings with a checkpoint: the weights must be those of the one that nobody killed, bit for bit. */
export function killTrainings(options: KillOptions): Promise<KillTally> {
  return killAndResume(new URL('./killedTraining.ts', import.meta.url), 80, options);
}

/** Cross-validations with a store: the result must be the same. */
export function killCrossValidations(options: KillOptions): Promise<KillTally> {
  return killAndResume(new URL('./killedCrossValidation.ts', import.meta.url), 60, options);
}

async function killAndResume(program: URL, events: number, options: KillOptions): Promise<KillTally> {
  return inFolder(async (folder) => {
    const unbroken = join(folder, 'unbroken');
    const { code, complaint } = await live(program, [`${unbroken}.store`, unbroken]);
    if (code !== 0) throw new Error(`Cannot kill what does not run: ${complaint}`);
    const wanted = await readFile(unbroken);
    return inParallel(options, async (run) => {
      const random = new RandomStream(options.seed, program.pathname.split('/').at(-1)!, run);
      const result = join(folder, `${run}`);
      const parameters = [`${result}.store`, result];
      let kills = 0;
      for (let life = 0; life < KILLS_A_RUN; life++) {
        const kill = {
          lines: 1 + random.integer(Math.ceil((2 * events) / KILLS_A_RUN)),
          milliseconds: random.integer(12),
        };
        const { killed, code, complaint } = await live(program, parameters, kill);
        if (killed) kills++;
        else if (code === 0)
          break; // done before its end came
        else return { kills, fault: `run ${run} does not go on after ${kills} kills: ${complaint}` };
      }
      const { code, complaint } = await live(program, parameters);
      if (code !== 0) return { kills, fault: `run ${run} does not end after ${kills} kills: ${complaint}` };
      const found = await readFile(result);
      const left = (await readdir(folder)).filter((name) => name.startsWith(`${run}.`) && name !== `${run}.store`);
      if (left.length > 0) return { kills, fault: `run ${run} left ${left.join(', ')}` };
      return { kills, fault: found.equals(wanted) ? undefined : `run ${run} ends in another result` };
    });
  });
}

/** Models saved over each other: after each kill one of the two must be there, whole. */
export function killSavings(options: KillOptions): Promise<KillTally> {
  const program = new URL('./killedSaving.ts', import.meta.url);
  return inFolder((folder) =>
    inParallel(options, async (run) => {
      const random = new RandomStream(options.seed, 'saving', run);
      const target = modelDirectory(join(folder, `${run}`));
      const models = [smallModel(1), smallModel(2)];
      const known = await Promise.all(models.map(async ({ network }) => (await weightsOf(network)).join()));
      await saveModel(models[0]!, target);
      for (const { network } of models) network.dispose();
      let kills = 0;
      for (let life = 0; life < KILLS_A_RUN; life++) {
        const kill = { lines: 1 + random.integer(6), milliseconds: random.uniform(0, 8) };
        const { killed, complaint } = await live(program, [join(folder, `${run}`)], kill);
        if (!killed) return { kills, fault: `run ${run} cannot save after ${kills} kills: ${complaint}` };
        kills++;
        try {
          const { network } = await loadModel(target);
          const found = (await weightsOf(network)).join();
          network.dispose();
          if (!known.includes(found))
            return { kills, fault: `run ${run} left neither of the models after ${kills} kills` };
        } catch (error) {
          return { kills, fault: `run ${run} left no model after ${kills} kills: ${(error as Error).message}` };
        }
      }
      return { kills, fault: undefined };
    }),
  );
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'speech-emotion-kills-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function inParallel(
  { runs, workers }: KillOptions,
  work: (run: number) => Promise<{ kills: number; fault: string | undefined }>,
): Promise<KillTally> {
  const outcomes: { kills: number; fault: string | undefined }[] = [];
  let next = 0;
  const worker = async () => {
    while (next < runs) outcomes.push(await work(next++));
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return {
    kills: outcomes.reduce((sum, { kills }) => sum + kills, 0),
    runs: outcomes.length,
    otherwise: outcomes.flatMap(({ fault }) => fault ?? []),
  };
}
