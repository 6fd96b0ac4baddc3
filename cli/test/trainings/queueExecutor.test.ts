import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { type CrossValidateProgress, crossValidate, TrainingError, trainEnsemble } from 'speech-emotion';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Parameters, smallNetwork } from '../../../test/node/smallNetwork.ts';
import { parityFolds, synthetic, weightsOf } from '../../../test/training/synthetic.ts';
import { queueExecutor } from '../../src/index.ts';
import { missing, type Server, startPostgres, startRedis } from '../score/servers.ts';
import { emptyFolder } from '../support/folder.ts';
import { main, run } from '../support/program.ts';

/* Trainings over a queue give what they give in one process (the oracle), whatever becomes of their workers. */

const NETWORK = fileURLToPath(new URL('../../../test/node/smallNetwork.ts', import.meta.url));

const data = synthetic({ clips: 36 });
const folds = parityFolds(data);
const config = { epochs: 3, batchSize: 8, learningRate: 0.02, window: { frames: 12 } };
const options = { build: (seed: number) => smallNetwork(seed), train: config };

/** Whether a training has one. */
function hasCheckpoint(store: string): boolean {
  return readdirSync(store, { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('.checkpoint'));
}

describe.each(['redis', 'postgres'] as const)('over %s', (kind) => {
  const reason = missing(kind);
  let server: Server;
  let store: string;
  let workers: ChildProcess[];

  beforeAll(async () => {
    await setBackend('cpu');
    if (!reason) server = await (kind === 'redis' ? startRedis : startPostgres)();
  });
  afterAll(() => server?.stop());
  beforeEach(async () => {
    store = await emptyFolder();
    workers = [];
  });
  afterEach(() => {
    for (const worker of workers) worker.kill('SIGKILL');
  });

  const executor = (parameters: Parameters = { backend: 'cpu' }) => queueExecutor(server.url, store, { parameters });

  /** A machine of its own, but for the folder. */
  function startWorker(): { readonly process: ChildProcess; readonly said: () => string } {
    const where = ['--queue', server.url, '--store', store, '--network', NETWORK];
    const words = ['--import', 'tsx', main, 'training-worker', ...where, '--threads', '1', '--lock', '2'];
    const process_ = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    process_.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    workers.push(process_);
    return { process: process_, said: () => said };
  }

  it.skipIf(reason)('two workers cross-validate to the same JSON', { timeout: 400_000 }, async () => {
    const wanted = await crossValidate(data, folds, { ...options, seeds: [1, 2] });
    for (const _ of [1, 2]) startWorker();
    const events: CrossValidateProgress[] = [];
    const found = await crossValidate(data, folds, {
      ...{ ...options, seeds: [1, 2], executor: executor() },
      onProgress: (event) => events.push(event),
    });
    expect(JSON.stringify(found)).toBe(JSON.stringify(wanted));
    for (const fold of ['even', 'odd']) {
      const own = events.filter((event) => event.fold === fold && event.seed === 2);
      expect(own.filter((event) => event.type === 'training' && event.progress.type === 'epoch')).toHaveLength(3);
      expect(own.at(-1)!.type).toBe('fold');
    }
    expect(await readdir(join(store, 'trainings'))).toEqual([]);
  });

  it.skipIf(reason).each(['SIGKILL', 'SIGTERM'] as const)(
    'a training whose worker is ended by %s goes on from its checkpoint with another, to the same weights',
    { timeout: 400_000 },
    async (signal) => {
      const long = { build: options.build, seeds: [3], train: { ...config, epochs: 30 } };
      const [wanted] = await trainEnsemble(data, long);
      const first = startWorker();
      const looking = setInterval(() => {
        if (!hasCheckpoint(store)) return;
        clearInterval(looking);
        first.process.kill(signal);
        startWorker();
      }, 10);
      const types: string[] = [];
      const [found] = await trainEnsemble(data, {
        ...{ ...long, executor: executor() },
        onProgress: (event) => types.push(event.type === 'training' ? event.progress.type : event.type),
      });
      expect(types).toContain('resume');
      expect(types.filter((type) => type === 'epoch').length).toBeLessThan(33); // one or two again, which had no checkpoint
      expect(found!.history).toEqual(wanted!.history);
      expect(await weightsOf(found!.model.network)).toEqual(await weightsOf(wanted!.model.network));
      for (const { model } of [found!, wanted!]) model.network.dispose();
    },
  );

  it.skipIf(reason)('rejects with the class, message and cause of what went wrong', { timeout: 400_000 }, async () => {
    startWorker();
    const failure = (kind: NonNullable<Parameters['trouble']>['kind']) => {
      const trouble = { seed: 1, kind };
      return crossValidate(data, folds, { ...options, executor: executor({ backend: 'cpu', trouble }) }).then(
        () => undefined,
        (error: Error) => error,
      );
    };
    const thrown = await failure('throw');
    expect(thrown).toBeInstanceOf(RangeError);
    expect(thrown).toMatchObject({ message: 'no such network', cause: { message: 'the reason' } });
    expect((await failure('other'))?.message).toMatch(/^Cannot train: .* builds another network than the caller's/);
    const diverged = await failure('not finite');
    expect(diverged).toBeInstanceOf(TrainingError);
    expect(diverged?.message).toMatch(/^Cannot go on training: the loss is NaN/);
  });

  it.skipIf(reason)('ends when the signal aborts, and its trainings with it', { timeout: 400_000 }, async () => {
    const worker = startWorker();
    const controller = new AbortController();
    const run = crossValidate(data, folds, {
      ...{ ...options, train: { ...config, epochs: 100_000 }, executor: executor(), signal: controller.signal },
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(run).rejects.toThrow('enough');
    await expect.poll(worker.said, { timeout: 20_000 }).toContain('nobody waits for it any more');
    // The worker is free for others.
    const found = await crossValidate(data, folds, { ...options, executor: executor() });
    expect(JSON.stringify(found)).toBe(JSON.stringify(await crossValidate(data, folds, options)));
  });
});

it('refuses what is no queue, no folder and no option', async () => {
  expect(() => queueExecutor('amqp://x', 'store')).toThrow('queue must be redis://… or postgres://…, got amqp://x');
  expect(() => queueExecutor('redis://x', '')).toThrow(TypeError);
  expect(() => queueExecutor('redis://x', 'store', { workers: 2 } as never)).toThrow('no option workers');
  const words = ['training-worker', '--store', 'store', '--network', NETWORK.replace(/\.ts$/, '.js')];
  expect((await run([...words, '--queue', 'amqp://x'])).code).toBe(2);
  expect((await run([...words, '--queue', 'redis://x'])).code).toBe(1);
});
