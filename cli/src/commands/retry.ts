// recordings that failed → recordings that wait again

import { Command } from 'commander';
import type { ArchiveFlags } from '../score/archive.ts';

interface RetryFlags extends ArchiveFlags {
  readonly all?: boolean;
}

export function retry(): Command {
  return new Command('retry')
    .description('Lets recordings that failed be tried again: files that were missing, servers that did not answer.')
    .option('--ledger <file or address>', 'a file, or postgres://… (default: speech-emotion.ledger)')
    .option('--queue <address>', 'puts them into the queue, too: redis://… or postgres://…')
    .option('--run <name>', 'one of several runs (default: the last one)')
    .option('--all', 'also what cannot be decoded, as after a repair')
    .addHelpText(
      'after',
      `
Without --queue, score goes on with them.

Examples:
  $ speech-emotion retry && speech-emotion score
  $ speech-emotion retry --all --queue postgres://scores@db/archive`,
    )
    .action(again);
}

async function again(flags: RetryFlags): Promise<void> {
  const { runOf, withLedger } = await import('../score/archive.ts');
  await withLedger(flags, async (ledger) => {
    const { run } = await runOf(ledger, flags);
    const count = await ledger.retry(run, { all: flags.all === true });
    process.stdout.write(`${count} ${count === 1 ? 'recording waits' : 'recordings wait'} again (run ${run})\n`);
    if (flags.queue === undefined || count === 0) return;
    const { enqueue, openQueue } = await import('../score/bullQueue.ts');
    const { left } = await import('../score/sources.ts');
    const queue = await openQueue(flags.queue, () => {});
    try {
      await enqueue(queue, run, left(ledger, run), new AbortController().signal);
    } finally {
      await queue.close();
    }
  });
}
