// npm run faults [-- --short | --fresh | --only PART [--index I] | --seed N | --workers N]: looks for faults, writes docs/results/faults.json
//
// Every input is a function of seed, part and index. A part that is on record with this seed, and without faults, is not measured again,
// unless it is named or all are to be measured afresh: so a run that was killed goes on. In short nothing is written, and faults are the exit code.

import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect, parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { RandomStream } from 'speech-emotion/layers';
import { FORMATS } from './fuzz/formats.ts';
import { judge } from './fuzz/judge.ts';
import { PARTS, type Part } from './parts.ts';
import { commitNow, faultsOf, type PartRecord, type Result, readFaults, recordPart } from './record.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    index: { type: 'string' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
  },
});
const commit = commitNow(); // what was built a moment ago
const seed = wholeNumber('seed', values.seed);
const workers = wholeNumber('workers', values.workers);
const unknown = values.only.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  throw new RangeError(
    `Cannot look for faults: parts must be among ${Object.keys(PARTS).join(', ')}, got ${unknown.join(', ')}`,
  );
}
tf.env().set('PROD', true); // no banner
await tf.setBackend('cpu');
if (values.index === undefined) await look();
else await show(values.only[0] ?? '', wholeNumber('index', values.index));
process.exit(); // sockets and threads that an aborted call left to end by themselves are not waited for

/** Measures what is to be measured. */
async function look(): Promise<void> {
  const before = values.fresh || values.short ? undefined : await readFaults();
  const wanted = Object.entries(PARTS).filter(([name]) => values.only.length === 0 || values.only.includes(name));
  let faults = 0;
  for (const [name, part] of wanted) {
    const known = before?.parts[name];
    if (
      values.only.length === 0 &&
      known &&
      known.seed === seed &&
      amountOf(known) >= part.amount &&
      faultsOf(known) === 0
    ) {
      console.log(`${name}: on record, of ${known.date}`);
      continue;
    }
    const record = await measured(part);
    const found = faultsOf(record);
    if (!(values.short && record.kind === 'timers')) faults += found; // a few calls on a busy machine say nothing
    console.log(`${name}: ${inWords(record)} (${record.seconds} s)`);
    if (!values.short) await recordPart(name, record);
  }
  if (faults > 0) process.exitCode = 1;
}

async function measured(part: Part): Promise<PartRecord> {
  const start = performance.now();
  const amount = values.short ? part.short : part.amount;
  const result = await part.measure({ seed, amount, workers });
  const seconds = Math.round((performance.now() - start) / 1000);
  return { date: new Date().toISOString().slice(0, 16), commit, seed, seconds, ...result };
}

/** How much of a part is on record. */
function amountOf(record: PartRecord): number {
  switch (record.kind) {
    case 'fuzz':
      return record.inputs;
    case 'kills':
      return record.runs;
    case 'aborts':
      return record.aborts;
    case 'heap':
      return record.hours;
    case 'timers':
      return record.calls;
  }
}

function inWords(result: Result): string {
  switch (result.kind) {
    case 'fuzz': {
      const { inputs, raw, hangs, nonsense, tensors, kinds } = result;
      const shown = kinds
        .slice(0, 20)
        .map(
          ({ count, verdict, what, indices }) => `\n  ${count} × ${verdict}: ${what} (--index ${indices.join(', ')})`,
        );
      return `${inputs} inputs, ${raw} raw errors, ${hangs} hangs, ${nonsense} nonsense, ${tensors} with tensors left${shown.join('')}`;
    }
    case 'kills':
      return [
        `${result.kills} kills of ${result.runs} runs, ${result.otherwise.length} ended otherwise`,
        ...result.otherwise,
      ].join('\n  ');
    case 'aborts': {
      const { aborts, calls, unsettled, otherwise } = result;
      return [
        `${aborts} aborts of ${calls} calls, ${unsettled.length} unsettled, ${otherwise.length} otherwise`,
        ...unsettled,
        ...otherwise,
      ].join('\n  ');
    }
    case 'heap':
      return `${result.segments} segments in ${result.hours} h, ${result.last} bytes after ${result.first}`;
    case 'timers':
      return inspect(result.waits);
  }
}

/** Tries a single input again: shows it, writes it to a file where it is bytes, and shows what becomes of it. */
async function show(name: string, index: number): Promise<void> {
  const format = FORMATS[name];
  if (!format)
    throw new RangeError(
      `Cannot show an input: --only must be one of ${Object.keys(FORMATS).join(', ')}, got '${name}'`,
    );
  const trial = await (await format.open())(new RandomStream(seed, name, index));
  if (trial.input instanceof Uint8Array) {
    const file = join(tmpdir(), `${name}-${seed}-${index}.bin`);
    await writeFile(file, trial.input);
    console.log(`${trial.input.length} bytes in ${file}`);
  } else console.log(inspect(trial.input, { depth: 8, maxArrayLength: 40 }));
  console.log(await judge(trial, format.errors));
  try {
    console.log(inspect(await trial.answer(), { depth: 1, maxArrayLength: 20 }));
  } catch (error) {
    console.log(error);
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError(`Cannot look for faults: ${name} must be a whole number, got ${text}`);
  return value;
}
