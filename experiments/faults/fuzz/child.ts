// format, seed, indices → verdicts: a process of its own, so that an input that hangs it or ends it costs this process alone
//
// Before each input its index goes to a file, synchronously: the parent reads from it where the process was stuck.

import { openSync, writeSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { RandomStream } from 'speech-emotion/layers';
import { type Faults, noteFault } from './faultKinds.ts';
import type { Format } from './format.ts';
import { described, judge } from './judge.ts';

/** What the parent asks for. */
export interface Task {
  readonly format: string;
  /** The module that has the format among its `FORMATS`. */
  readonly module: string;
  readonly seed: number;
  /** The first index, the one after the last, and how far from one to the next. */
  readonly from: number;
  readonly to: number;
  readonly step: number;
  /** Where the index goes. */
  readonly positionFile: string;
}

/** What became of some inputs. */
export interface Tally {
  readonly inputs: number;
  readonly answered: number;
  readonly refused: number;
  readonly faults: Faults;
  /** Bytes, the most that this process held. */
  readonly mostMemory: number;
}

/** What the parent is told, now and then: what became of the inputs since the report before. */
export interface Report extends Tally {
  /** The first index that is in no report yet. */
  readonly upTo: number;
}

/** Inputs a report. */
const REPORT = 1000;

process.once('message', (task: Task) => {
  process.once('disconnect', () => process.exit(0));
  run(task).then(
    () => process.disconnect(),
    (error) => {
      process.stderr.write(`${(error as Error).stack}\n`); // an input that cannot be made: this program's own fault
      process.exit(1);
    },
  );
});

async function run({ format: name, module, seed, from, to, step, positionFile }: Task): Promise<void> {
  const position = openSync(positionFile, 'w');
  const buffer = new Float64Array(1);
  console.error = () => {}; // mpg123-decoder tells of each damaged frame
  console.warn = () => {};
  tf.env().set('PROD', true);
  await tf.setBackend('cpu');
  const { FORMATS } = (await import(module)) as { FORMATS: Readonly<Record<string, Format>> };
  const { errors, open } = FORMATS[name]!;
  const make = await open();
  let faults: Faults = {};
  let [index, answered, refused, inputs] = [from, 0, 0, 0];
  // Nobody awaits it: in a user's process it would be the end.
  process.on('unhandledRejection', (error) => noteFault(faults, index, 'raw', `unhandled: ${described(error)}`));
  process.on('uncaughtException', (error) => noteFault(faults, index, 'raw', `uncaught: ${described(error)}`));
  const report = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20)); // what is thrown later is of one of these
    const mostMemory = 1024 * process.resourceUsage().maxRSS;
    process.send!({ upTo: index, inputs, answered, refused, faults, mostMemory } satisfies Report);
    faults = {};
    [answered, refused, inputs] = [0, 0, 0];
  };
  for (; index < to; index += step) {
    if (inputs === REPORT) await report();
    buffer[0] = index;
    writeSync(position, new Uint8Array(buffer.buffer), 0, 8, 0);
    inputs++;
    const { verdict, what } = await judge(await make(new RandomStream(seed, name, index)), errors);
    if (verdict === 'answered') answered++;
    else if (verdict === 'refused') refused++;
    else noteFault(faults, index, verdict, what ?? '');
    await new Promise((resolve) => setImmediate(resolve)); // what nobody awaits is known by then
  }
  await report();
}
