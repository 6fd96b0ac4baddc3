// an archive of recordings → a ledger of their emotions

import { Command, Option } from 'commander';
import { between, channel, whole } from '../commandLine/values.ts';
import { interruptible } from '../interrupt.ts';
import type { ArchiveFlags, RunFlags } from '../score/archive.ts';
import type { RunStatus } from '../score/ledger.ts';

interface ScoreFlags extends ArchiveFlags, RunFlags {
  readonly threads?: number;
  readonly shard?: string;
  readonly detach?: boolean;
  readonly json?: boolean;
}

export function score(): Command {
  return new Command('score')
    .description('The emotions of an archive: here, or by the workers of a queue. What was cut off goes on.')
    .argument('[recordings...]', 'files, folders, https:// addresses; - for a list of them; without any, what is left')
    .option(
      '--ledger <file or address>',
      'where results are kept: a file, or postgres://… (default: speech-emotion.ledger)',
    )
    .option('--queue <address>', 'redis://… or postgres://…, for workers on any machine')
    .option('--detach', 'with --queue: do not wait for the workers')
    .option(
      '--threads <number>',
      'without --queue: how many score at once (default: as many as there are cores)',
      whole(1, 1024),
    )
    .option('--shard <i/n>', 'the i-th of n parts of all recordings, by their names')
    .option('--model <folder or address>', 'a model of your own')
    .option('--channel <which>', 'mix, each, or the number of a channel', channel('mix', 'each'), 'mix')
    .option('--hop <seconds>', 'from one segment to the next (default: 0.5)', between(0.001, 86_400))
    .option('--window <seconds>', "length of a segment (default: the model's)", between(0.001, 86_400))
    .addOption(
      new Option('--vad <detector>', 'what tells speech').choices(['speech', 'level', 'off']).default('speech'),
    )
    .option(
      '--piece <seconds>',
      'longer recordings are cut, which changes no result (default: 600)',
      between(60, 86_400),
    )
    .option('--json', 'how it ended, for programs')
    .addHelpText(
      'after',
      `
Results are read with export, reasons of failures with status. Sound never enters the queue: workers must reach the recordings.

Examples:
  $ speech-emotion score calls
  $ find /archive -name '*.wav' | speech-emotion score - --ledger archive.ledger --threads 4
  $ speech-emotion score /mnt/archive --queue postgres://scores@db/archive
  $ speech-emotion score - --queue redis://queue:6379 --ledger postgres://scores@db/archive --detach < addresses.txt`,
    )
    .action(scoreArchive);
}

async function scoreArchive(given: string[], flags: ScoreFlags): Promise<void> {
  using signal = interruptible();
  const { checkModel, openThreads, runFor, runOf, statusLine, withLedger } = await import('../score/archive.ts');
  const { left, sourcesOf, submitted, toShard } = await import('../score/sources.ts');
  const shard = toShard(flags.shard);
  const threads = openThreads(flags.queue === undefined ? flags.threads : 1);
  const stop = () => void threads.stop();
  signal.addEventListener('abort', stop, { once: true });
  const shown = showStatus(statusLine);
  try {
    await withLedger(
      flags,
      async (ledger) => {
        // Of a run that goes on without being told of its recordings, the options are known.
        const { run, settings } = given.length === 0 ? await runOf(ledger, flags) : await runFor(flags, threads);
        if (given.length > 0) await ledger.begin(run, JSON.stringify(settings));
        const pages =
          given.length === 0 ? left(ledger, run) : submitted(ledger, run, sourcesOf(given, process.stdin, shard));
        if (flags.queue === undefined) {
          if (given.length === 0) await checkModel(run, settings, threads);
          const { scoreHere } = await import('../score/localQueue.ts');
          const look = setInterval(() => void ledger.status(run).then(shown.at, () => {}), 1000);
          try {
            await scoreHere({ run, settings, ledger, threads }, flat(pages), signal);
          } finally {
            clearInterval(look);
          }
        } else {
          const { enqueue, openQueue, runIsOver } = await import('../score/bullQueue.ts');
          await threads.stop();
          const trouble = (error: Error) => shown.say(error.message);
          const queue = await openQueue(flags.queue, trouble);
          try {
            await enqueue(queue, run, pages, signal);
            if (!flags.detach) await runIsOver(queue, ledger, run, shown.at, trouble, signal);
          } finally {
            await queue.close();
          }
        }
        const status = await ledger.status(run);
        shown.end(`${statusLine({ ...status, rate: undefined })} (run ${run})`);
        if (flags.json) process.stdout.write(`${JSON.stringify({ run, ...status })}\n`);
        if (status.recordings.failed > 0) process.exitCode = 1;
      },
      { isMade: given.length > 0 },
    );
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    shown.end();
    signal.removeEventListener('abort', stop);
    await threads.stop();
    if (given.includes('-')) process.stdin.destroy();
  }
}

async function* flat<T>(pages: AsyncIterable<readonly T[]>): AsyncGenerator<T, void, undefined> {
  for await (const page of pages) yield* page;
}

/** A line on the terminal that says how far it is; nothing else in a log but the last one. */
function showStatus(line: (status: RunStatus) => string) {
  const { stderr } = process;
  let isShown = false;
  const clear = () => {
    if (isShown) stderr.write('\r\u001b[K');
    isShown = false;
  };
  return {
    at(status: RunStatus) {
      if (!stderr.isTTY) return;
      clear();
      stderr.write(line(status).slice(0, (stderr.columns ?? 80) - 1));
      isShown = true;
    },
    say(text: string) {
      clear();
      stderr.write(`${text}\n`);
    },
    end(text?: string) {
      clear();
      if (text !== undefined) stderr.write(`${text}\n`);
    },
  };
}
