// files, by a message → how fast `timeline` goes through them, in a process of its own that waits until it is told to begin

import { openSound } from 'speech-emotion/node';
import { openClassifier } from '../../cli/src/openClassifier.ts';

/** Seconds of sound a second. */
export interface LoopRates {
  readonly byClock: number;
  /** By what all threads of the process computed, on whatever cores. */
  readonly byCore: number;
}

const classifier = await openClassifier(undefined);
process.once('message', async (files: readonly string[]) => {
  const [before, cpu] = [performance.now(), process.cpuUsage()];
  let heard = 0;
  for (const file of files) heard += (await classifier.timeline(await openSound(file))).at(-1)!.end;
  const { user, system } = process.cpuUsage(cpu);
  const byClock = (1000 * heard) / (performance.now() - before);
  process.send!({ byClock, byCore: (1e6 * heard) / (user + system) } satisfies LoopRates);
  process.disconnect();
});
process.send!('ready');
