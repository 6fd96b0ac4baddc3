// --format, --json and --out → what is written, and where

import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { CommandLineFault } from '../commandLine/fault.ts';
import { ROW_FORMATS, type RowFormat } from '../output/openRows.ts';
import { TIMELINE_FORMATS, type TimelineFormat } from './timelineFiles.ts';

export type Format = RowFormat | TimelineFormat | 'html';

/** What `classify` writes; `timeline` has timelines, too. */
export const CLASSIFY_FORMATS = [...ROW_FORMATS, 'html'] as const;
export const ALL_FORMATS = [...ROW_FORMATS, ...(Object.keys(TIMELINE_FORMATS) as TimelineFormat[]), 'html'] as const;

/** What the command line says about it. */
export interface OutputFlags {
  readonly format?: Format;
  readonly json?: boolean;
  readonly out?: string;
}

/** What is written, and where: standard output where there is neither file nor folder. */
export interface Plan {
  readonly format: Format;
  readonly file?: string;
  readonly folder?: string;
}

const ENDINGS: Readonly<Record<string, Format>> = {
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.csv': 'csv',
  '.parquet': 'parquet',
  '.vtt': 'vtt',
  '.textgrid': 'textgrid',
  '.eaf': 'eaf',
  '.txt': 'labels',
  '.html': 'html',
};

/**
 * Finds out what to write before anything is read.
 *
 * @param formats those that the command has
 * @param isEach whether each channel is listened to
 * @throws {CommandLineFault} when it cannot be written there
 */
export function planOutput(
  inputs: readonly string[],
  { format: named, json, out }: OutputFlags,
  formats: readonly Format[],
  isEach: boolean,
): Plan {
  if (json && named !== undefined && named !== 'jsonl')
    throw new CommandLineFault(`--json is short for --format jsonl, and there is --format ${named}`);
  const isTerminal = process.stdout.isTTY === true;
  const format = named ?? (json ? 'jsonl' : out === undefined ? (isTerminal ? 'table' : 'jsonl') : byEnding(out));
  if (!formats.includes(format)) throw new CommandLineFault(`there is no format ${format} here: ${formats.join(', ')}`);
  const isFolder = out !== undefined && (/[/\\]$/.test(out) || kindOf(out) === 'folder');
  if (format in TIMELINE_FORMATS) {
    const isSingle = inputs.length === 1 && (inputs[0] === '-' || kindOf(inputs[0]!) === 'file');
    const isSplit = format === 'labels' && isEach;
    if (out === undefined) {
      if (isSingle && !isSplit) return { format };
      throw new CommandLineFault(
        `${format} is a file for each ${isSplit ? 'channel' : 'recording'}: name a folder, --out`,
      );
    }
    return isSingle && !isSplit && !isFolder ? { format, file: out } : { format, folder: out };
  }
  if (out === undefined) {
    if (format !== 'parquet' || !isTerminal) return { format };
    throw new CommandLineFault('Parquet is nothing for a terminal: name a file, --out');
  }
  if (isFolder) throw new CommandLineFault(`${format} is one file for all, and --out is a folder: ${out}`);
  return { format, file: out };
}

function byEnding(out: string): Format {
  const format = ENDINGS[extname(out).toLowerCase()];
  if (format) return format;
  throw new CommandLineFault(`--out ${out} does not tell the format: name it, --format`);
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && (stats.isDirectory() ? 'folder' : 'file');
}
