// a queue → its recordings scored, by this process and others like it

import { Command } from 'commander';
import { CommandLineFault } from '../commandLine/fault.ts';
import { between, whole } from '../commandLine/values.ts';
import { interruptible } from '../interrupt.ts';
import type { ArchiveFlags } from '../score/archive.ts';

interface WorkerFlags extends ArchiveFlags {
  readonly threads?: number;
  readonly lock: number;
}

export function worker(): Command {
  return new Command('worker')
    .description('Scores what score has put into a queue, until it is stopped; as many as there are machines.')
    .requiredOption('--queue <address>', 'redis://… or postgres://…')
    .option('--ledger <file or address>', 'where results are kept (default: the queue, where it is a database)')
    .option('--threads <number>', 'how many score at once (default: as many as there are cores)', whole(1, 1024))
    .option(
      '--lock <seconds>',
      'a worker that is not heard of for so long has lost its jobs to others',
      between(1, 3600),
      30,
    )
    .addHelpText(
      'after',
      `
SIGTERM and Ctrl-C let it end the pieces that it is at, some seconds of work; a second one ends it at once, and other workers take over.

Examples:
  $ speech-emotion worker --queue postgres://scores@db/archive
  $ speech-emotion worker --queue redis://queue:6379 --ledger postgres://scores@db/archive --threads 8`,
    )
    .action(work);
}

async function work(flags: WorkerFlags): Promise<void> {
  using signal = interruptible();
  const { openThreads, withLedger } = await import('../score/archive.ts');
  const { workUntil } = await import('../score/bullQueue.ts');
  if (flags.queue === undefined) throw new CommandLineFault('--queue must be given');
  const { queue } = flags;
  const threads = openThreads(flags.threads);
  try {
    await withLedger(flags, async (ledger) => {
      const placeOf = async (run: string) => {
        const settings = await ledger.settings(run);
        if (settings === undefined) throw new Error(`Cannot score: the ledger knows no run ${run}`);
        return { run, settings: JSON.parse(settings), ledger, threads };
      };
      const onError = (error: Error) => void process.stderr.write(`${error.message || String(error)}\n`);
      process.stderr.write(`Waiting for recordings, with ${threads.size} thread${threads.size === 1 ? '' : 's'}.\n`);
      await workUntil({ queue, concurrency: threads.size + 1, lockSeconds: flags.lock, placeOf, onError }, signal);
    });
  } finally {
    await threads.stop();
  }
}
