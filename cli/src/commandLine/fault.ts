// what is wrong with a command line as a whole → the error that ends it with exit code 2

import { CommanderError } from 'commander';

/** A fault of the command line, told in one line. Commander tells of those it finds by itself. */
export class CommandLineFault extends CommanderError {
  constructor(message: string) {
    super(2, 'speech-emotion.fault', message);
  }
}
