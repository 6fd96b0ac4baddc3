// a queue → its recordings scored, by this process and others like it

import { Command } from 'commander';
import { between, whole } from '../commandLine/values.ts';
import { interruptible } from '../interrupt.ts';
import type { ArchiveFlags } from '../score/archive.ts';
import type { Workplace } from '../score/jobs.ts';
import type { RunSettings } from '../score/work.ts';

interface WorkerFlags extends ArchiveFlags {
  readonly queue: string;
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
  const { checkModel, openThreads, withLedger } = await import('../score/archive.ts');
  const { workUntil } = await import('../score/bullQueue.ts');
  const threads = openThreads(flags.threads);
  // A worker that can do no job of a run would fail all of them: it ends, and others do them.
  const unfit = new AbortController();
  const places = new Map<string, Promise<Workplace>>();
  const say = (error: Error) => void process.stderr.write(`${error.message || String(error)}\n`);
  try {
    await withLedger(
      flags,
      async (ledger) => {
        const open = async (run: string): Promise<Workplace> => {
          const known = await ledger.settings(run);
          if (known === undefined) throw new Error(`Cannot score: run must be in the ledger, got ${run}`);
          const settings = JSON.parse(known) as RunSettings;
          await checkModel(run, settings, threads).catch((error: unknown) => {
            unfit.abort(error);
            throw error;
          });
          return { run, settings, ledger, threads };
        };
        const placeOf = (run: string) => {
          const place = places.get(run) ?? open(run);
          places.set(run, place);
          place.catch(() => places.delete(run));
          return place;
        };
        process.stderr.write(`Waiting for recordings, with ${threads.size} thread${threads.size === 1 ? '' : 's'}.\n`);
        const settings = { queue: flags.queue, concurrency: threads.size + 1, lockSeconds: flags.lock, placeOf };
        await workUntil({ ...settings, onError: say }, AbortSignal.any([signal, unfit.signal]));
      },
      { isMade: true },
    );
    unfit.signal.throwIfAborted();
  } finally {
    await threads.stop();
  }
}
