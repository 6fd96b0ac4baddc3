// a ledger → how far the archive is, and what failed; a queue → a dashboard

import { Command } from 'commander';
import { CommandLineFault } from '../commandLine/fault.ts';
import { isLoopback } from '../commandLine/loopback.ts';
import { whole } from '../commandLine/values.ts';
import { interruptible } from '../interrupt.ts';
import type { ArchiveFlags } from '../score/archive.ts';

interface StatusFlags extends ArchiveFlags {
  readonly failures?: boolean;
  readonly json?: boolean;
  readonly dashboard?: number | true;
  readonly host: string;
}

export function status(): Command {
  return new Command('status')
    .description(
      'How far an archive is: recordings and hours that are done, the rate, the time that is left, failures.',
    )
    .option('--ledger <file or address>', 'a file, or postgres://… (default: speech-emotion.ledger)')
    .option('--run <name>', 'one of several runs (default: the last one)')
    .option('--failures', 'lists what failed, with its reason')
    .option('--json', 'for programs')
    .option('--queue <address>', 'redis://… or postgres://…, whose jobs the dashboard shows')
    .option('--dashboard [port]', 'pages about the queue, until Ctrl-C (default: port 3000)', whole(0, 65_535))
    .option('--host <address>', 'where the dashboard is served; 0.0.0.0 for all of the network', '127.0.0.1')
    .addHelpText(
      'after',
      `
Examples:
  $ speech-emotion status
  $ speech-emotion status --ledger postgres://scores@db/archive --json
  $ speech-emotion status --failures
  $ speech-emotion status --queue redis://queue:6379 --dashboard`,
    )
    .action((flags: StatusFlags) => (flags.dashboard === undefined ? tell(flags) : show(flags, flags.dashboard)));
}

async function show({ queue: address, host }: StatusFlags, port: number | true): Promise<void> {
  if (address === undefined) throw new CommandLineFault('--dashboard shows a queue: name it, --queue');
  using signal = interruptible();
  const { openDashboard } = await import('../score/dashboard.ts');
  const { openQueue } = await import('../score/bullQueue.ts');
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  const queue = await openQueue(address, ({ message }) => say(message));
  try {
    const dashboard = await openDashboard(queue, host, port === true ? 3000 : port);
    process.stdout.write(`${dashboard.url}\n`);
    if (!isLoopback(host)) say('Whoever reaches this address sees the names of recordings: there is no password.');
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await dashboard.close();
  } finally {
    await queue.close();
  }
}

async function tell(flags: StatusFlags): Promise<void> {
  const { runOf, secondsLeft, statusLine, withLedger } = await import('../score/archive.ts');
  const { printable } = await import('../terminal/printable.ts');
  await withLedger(flags, async (ledger) => {
    const { run } = await runOf(ledger, flags);
    const say = (line: string) => void process.stdout.write(`${line}\n`);
    if (flags.failures) {
      for await (const failure of ledger.failures(run)) {
        const { source, reason, fault } = failure;
        say(
          flags.json ? JSON.stringify(failure) : printable(`${source}: ${reason}${fault ? '' : ' (may be retried)'}`),
        );
      }
      return;
    }
    const now = await ledger.status(run);
    say(
      flags.json ? JSON.stringify({ run, ...now, secondsLeft: secondsLeft(now) }) : `${statusLine(now)} (run ${run})`,
    );
  });
}
