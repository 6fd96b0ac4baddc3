#!/usr/bin/env node
// command line → the command that it names

import { Command, CommanderError } from 'commander';
import settings from '../package.json' with { type: 'json' };
import { classify } from './commands/classify.ts';
import { serve } from './commands/serve.ts';

const program = new Command('speech-emotion')
  .description('Recognises emotion in speech: how something was said, not what.')
  .version(settings.version)
  .showHelpAfterError()
  .exitOverride();

for (const command of [classify, serve]) program.addCommand(command());

try {
  await program.parseAsync();
} catch (error) {
  // Commander has said what is wrong with the command line, or printed the help that was asked for.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
