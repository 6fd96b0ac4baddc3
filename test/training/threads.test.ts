import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { answerTeam } from '../../src/training/threads/teamTrainee.ts';
import type { TrainingThread } from '../../src/training/threads/trainingThreads.ts';
import { train } from '../../src/training/train.ts';
import { OPTIONS, STEPS, smallNetwork, trainSmall, validation } from '../acceptance/smallTraining.ts';
import { describeBackends, hostBackends } from '../support/backends.ts';
import { MemoryStore, synthetic } from './synthetic.ts';

/** A thread that is this one: what is sent is copied as between threads. */
const here = (change: Partial<TrainingThread> = {}) => ({
  count: 1,
  start: () => ({
    ask: async (message: unknown) => structuredClone(await answerTeam(structuredClone(message) as never)),
    terminate: async () => {},
    ...change,
  }),
});

await describeBackends(hostBackends, 'threads of train', () => {
  it('one of them trains to the same bits, with and without validation and checkpoints (oracle: without)', {
    timeout: 240_000,
  }, async () => {
    for (const own of [STEPS, { epochs: 3, validation, checkpoint: { store: new MemoryStore(), everyBatches: 2 } }]) {
      const found = await trainSmall({ ...own, threads: here() });
      expect(found).toEqual(await trainSmall({ ...own, checkpoint: undefined }));
    }
  });

  it('hold no more after each step than before it (oracle: what tfjs says it holds)', async () => {
    const held: unknown[] = [];
    const onProgress = ({ type }: { type: string }) => {
      const { numTensors, numDataBuffers, numBytes } = tf.memory();
      if (type === 'batch') held.push([numTensors, numDataBuffers, numBytes, tf.engine().backend.numDataIds()]);
    };
    await trainSmall({ epochs: 3, threads: here(), onProgress });
    expect(held).toHaveLength(9);
    const later = held.slice(3); // in the first epoch, averages still share the memory of the weights that they began with
    expect(later).toEqual(later.map(() => later[0]));
  });

  it('are ended where one of them fails, whenever that is', async () => {
    for (const failing of ['open', 'step', 'numbers']) {
      let ended = 0;
      const ask = async (message: unknown) => {
        if ((message as { type: string }).type === failing) throw new Error(`no ${failing}`);
        return structuredClone(await answerTeam(structuredClone(message) as never));
      };
      const threads = here({ ask, terminate: async () => void ended++ });
      const network = smallNetwork();
      await expect(train(network, synthetic(), { ...OPTIONS, epochs: 1, threads })).rejects.toThrow(`no ${failing}`);
      expect(ended).toBe(1);
      network.dispose();
    }
  });
});
