// a thread's numbers, a team's memory → what the team has added, as a thread does it

import { parentPort, workerData } from 'node:worker_threads';
import { TeamMember, type TeamMemory } from '../../src/core/threadTeam.ts';

const { memory, rank, rounds } = workerData as {
  readonly memory: TeamMemory;
  readonly rank: number;
  readonly rounds: readonly Float64Array[];
};
const member = new TeamMember(memory, rank);
try {
  parentPort!.postMessage(rounds.map((numbers) => member.addUp(numbers)));
} catch (error) {
  parentPort!.postMessage((error as Error).name);
}
