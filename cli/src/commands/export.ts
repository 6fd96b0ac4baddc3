// a ledger → tables of an archive's emotions

import { Command, Option } from 'commander';
import { whole } from '../commandLine/values.ts';
import { interruptible } from '../interrupt.ts';
import type { RowWriter } from '../output/rowWriter.ts';
import type { ArchiveFlags } from '../score/archive.ts';

const FORMATS = ['parquet', 'csv', 'jsonl'] as const;

interface ExportFlags extends ArchiveFlags {
  readonly format?: (typeof FORMATS)[number];
  readonly json?: boolean;
  readonly out?: string;
  readonly rows?: number;
}

export function exportRows(): Command {
  return new Command('export')
    .description('Writes the segments of an archive, by the names of its recordings: those that are done.')
    .option('--ledger <file or address>', 'a file, or postgres://… (default: speech-emotion.ledger)')
    .option('--run <name>', 'one of several runs (default: the last one)')
    .addOption(new Option('--format <name>', "default: by the file's name, else jsonl").choices(FORMATS))
    .option('--json', 'short for --format jsonl')
    .option('--out <path>', 'a file in place of standard output; with --rows a folder')
    .option('--rows <number>', 'several files in a folder, each of so many rows or a little more', whole(1, 1e9))
    .addHelpText(
      'after',
      `
Examples:
  $ speech-emotion export --out emotions.parquet
  $ speech-emotion export --ledger postgres://scores@db/archive --format parquet --rows 5000000 --out emotions
  $ speech-emotion export --json | head`,
    )
    .action(write);
}

async function write(flags: ExportFlags): Promise<void> {
  using signal = interruptible();
  const { CommandLineFault } = await import('../commandLine/fault.ts');
  const { join } = await import('node:path');
  const { runOf, withLedger } = await import('../score/archive.ts');
  const { archiveColumns, rowsOf } = await import('../score/exportRows.ts');
  const { openRows } = await import('../output/openRows.ts');
  const { toFile, toStandardOutput } = await import('../output/sink.ts');
  const { paintFor } = await import('../terminal/colours.ts');
  const { out, rows: most } = flags;
  const named = FORMATS.find((one) => most === undefined && out?.endsWith(`.${one}`));
  const format = flags.json ? 'jsonl' : (flags.format ?? named ?? 'jsonl');
  if (most !== undefined && out === undefined) throw new CommandLineFault('--rows needs a folder: --out');
  await withLedger(flags, async (ledger) => {
    const { run, settings } = await runOf(ledger, flags);
    const columns = archiveColumns(settings);
    const open = async (file: string | undefined) =>
      openRows(format, columns, file === undefined ? toStandardOutput() : await toFile(file), paintFor(process.stdout));
    const fileOf = (part: number) =>
      most === undefined ? out : join(out!, `part-${String(part).padStart(5, '0')}.${format}`);
    let part = 0;
    let count = 0;
    let writer: RowWriter = await open(fileOf(part));
    try {
      for await (const recording of ledger.results(run)) {
        signal.throwIfAborted();
        if (most !== undefined && count >= most) {
          await writer.close();
          count = 0;
          writer = await open(fileOf(++part));
        }
        for (const row of rowsOf(recording, settings)) {
          await writer.write(row);
          count++;
        }
      }
    } catch (error) {
      await writer.discard();
      throw error;
    }
    await writer.close();
  });
}
