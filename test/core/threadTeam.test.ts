import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { breakTeam, type TeamMemory, teamMemory } from '../../src/core/threadTeam.ts';
import { expectNoThreadLeft } from '../node/threads.ts';

/** More than are added at a time. */
const MANY = 100_000;

/** A thread's numbers of a round: of such different sizes that the order of additions shows. */
const numbersOf = (rank: number, round: number, count: number) => {
  const stream = new RandomStream(1, rank, round);
  return Float64Array.from({ length: count }, () => stream.normal() * 10 ** stream.integer(12));
};

/** Lets a thread add its numbers of some rounds; what it then has of each, or the error's name. */
async function adding(
  memory: TeamMemory,
  rank: number,
  rounds: readonly Float64Array[],
): Promise<Float64Array[] | string> {
  // A thread of Node 20 has to set tsx up itself.
  const bootstrap =
    "import('tsx/esm/api').then(({ register }) => (register(), import(require('node:worker_threads').workerData.module)))";
  const module = new URL('./addingThread.ts', import.meta.url).href;
  const worker = new Worker(bootstrap, { eval: true, workerData: { module, memory, rank, rounds }, execArgv: [] });
  try {
    return await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  } finally {
    await worker.terminate();
  }
}

describe('a team of threads', { timeout: 120_000 }, () => {
  expectNoThreadLeft();

  it('adds in the order of the threads, whoever comes first (oracle: the same additions, written out)', async () => {
    const counts = [3, MANY, 1, 7];
    const memory = teamMemory(3);
    const given = [0, 1, 2].map((rank) => counts.map((count, round) => numbersOf(rank, round, count)));
    const found = await Promise.all(given.map((rounds, rank) => adding(memory, rank, rounds)));
    const wanted = counts.map((_, round) => {
      const [a, b, c] = given.map((rounds) => rounds[round]!);
      return a!.map((value, i) => value + b![i]! + c![i]!);
    });
    for (const sums of found) {
      const isSame = (round: Float64Array, i: number) => round.every((value, k) => value === wanted[i]![k]);
      expect((sums as Float64Array[]).map(isSame)).toEqual(counts.map(() => true));
    }
    const otherwise = wanted[1]!.map((_, i) => given[2]![1]![i]! + given[1]![1]![i]! + given[0]![1]![i]!);
    expect(otherwise.every((value, i) => value === wanted[1]![i])).toBe(false); // the order shows
  });

  it('releases those that wait where one has failed, and those that come later', async () => {
    const memory = teamMemory(2);
    const waiting = adding(memory, 0, [Float64Array.of(1)]);
    while (Atomics.load(memory.state, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 5)); // until it is there
    breakTeam(memory);
    expect(await waiting).toBe('TeamBroken');
    expect(await adding(memory, 1, [Float64Array.of(1)])).toBe('TeamBroken');
  });
});
