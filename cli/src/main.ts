#!/usr/bin/env node
// command line → the command that it names

import { Command, CommanderError } from 'commander';
import settings from '../package.json' with { type: 'json' };
import { CommandLineFault } from './commandLine/fault.ts';
import { classify } from './commands/classify.ts';
import { evaluate } from './commands/evaluate.ts';
import { exportRows } from './commands/export.ts';
import { live } from './commands/live.ts';
import { personalise } from './commands/personalise.ts';
import { retry } from './commands/retry.ts';
import { score } from './commands/score.ts';
import { serve } from './commands/serve.ts';
import { status } from './commands/status.ts';
import { timeline } from './commands/timeline.ts';
import { train } from './commands/train.ts';
import { trainingWorker } from './commands/trainingWorker.ts';
import { worker } from './commands/worker.ts';
import { Interrupted } from './interrupt.ts';

const program = new Command('speech-emotion')
  .description('Recognises emotion in speech: how something was said, not what.')
  .version(settings.version)
  .showHelpAfterError('(--help shows options and examples)')
  .exitOverride();

// Commander gives none of its settings to commands that are made by themselves.
for (const command of [
  classify,
  timeline,
  live,
  personalise,
  train,
  evaluate,
  serve,
  score,
  worker,
  status,
  retry,
  exportRows,
  trainingWorker,
])
  program.addCommand(command().copyInheritedSettings(program));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCode(error);
}

/** 1 for what went wrong, 2 for a command line that is wrong, 128 and its number after a signal. */
function exitCode(error: unknown): number {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  if (error instanceof CommandLineFault) {
    say(`error: ${error.message}`);
    return 2;
  }
  // Commander has said what is wrong with the command line, or printed the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  // Whoever read what is written here has left, as `head` does: there is nobody to tell.
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 141;
  say((error as Error).message);
  return error instanceof Interrupted ? error.exitCode : 1;
}
