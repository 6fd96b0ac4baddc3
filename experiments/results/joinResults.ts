// results of folds that were trained on several machines → one file: npm run join-results -- FILE OTHERS…

import { readArguments, run, UsageError } from '../../examples/node/commandLine.ts';
import { joinRuns } from './joinRuns.ts';
import type { ResultFile } from './resultFile.ts';
import { isSameKind, readResult, runStore } from './resultStore.ts';

const USAGE = `
npm run join-results -- FILE OTHERS…

Adds the runs that \`npm run evaluate\` wrote elsewhere (--folds, --seed, --out) to FILE: PROTOCOL.json. Runs of the same seed and fold
are replaced. If any results are of another protocol or configuration, nothing is written.

  FILE      is written, and read if it exists
  OTHERS    one or more files, which are only read
`;

await run(async () => {
  const [path, ...others] = readArguments(USAGE, {}).positionals;
  if (!path || others.length === 0) throw new UsageError('Cannot join results: give a file and one or more others');
  const store = runStore(path);
  let results = store.read();
  for (const other of others) {
    const more = readResult<ResultFile>(other);
    if (!more?.runs) throw new UsageError(`Cannot join results: ${other} must be a file of results`);
    if (results && !isSameKind(results, more)) {
      throw new UsageError(
        `Cannot join results: ${other} must be of the protocol and configuration of ${path}, got another`,
      );
    }
    results = results ? joinRuns(results, more) : more;
  }
  await store.write(results!);
  console.log(`${path}: ${results!.runs.length} runs`);
});
