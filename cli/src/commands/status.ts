// a ledger → how far the archive is, and what failed

import { Command } from 'commander';
import type { ArchiveFlags } from '../score/archive.ts';

interface StatusFlags extends ArchiveFlags {
  readonly failures?: boolean;
  readonly json?: boolean;
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
    .addHelpText(
      'after',
      `
Examples:
  $ speech-emotion status
  $ speech-emotion status --ledger postgres://scores@db/archive --json
  $ speech-emotion status --failures`,
    )
    .action(tell);
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
