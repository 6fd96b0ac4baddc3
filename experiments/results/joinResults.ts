// results of folds that were trained apart, as on several machines → one file: npm run join-results -- FILE OTHERS…

import { readArguments, run, UsageError } from '../../examples/node/commandLine.ts';
import type { ResultFile } from './resultFile.ts';
import { isSameKind, joined, readResult, resultStore } from './resultStore.ts';

const USAGE = `
npm run join-results -- FILE OTHERS…

Puts the runs that \`npm run evaluate\` wrote elsewhere (--folds, --seed, --out) into FILE: PROTOCOL.json. Runs of the same seed and fold
take the place of those that were there. Results of another protocol or recipe are refused, and nothing is written then.

  FILE      what is written; it need not be there yet
  OTHERS    one or more, only read
`;

await run(async () => {
  const [path, ...others] = readArguments(USAGE, {}).positionals;
  if (!path || others.length === 0) throw new UsageError('Cannot join results: give a file and one or more others');
  const store = resultStore(path);
  let results = store.read();
  for (const other of others) {
    const more = readResult<ResultFile>(other);
    if (!more?.runs) throw new UsageError(`Cannot join results: ${other} is no file of results`);
    if (results && !isSameKind(results, more)) {
      throw new UsageError(`Cannot join results: ${other} is of another protocol or recipe than ${path}`);
    }
    results = results ? joined(results, more) : more;
  }
  store.write(results!);
  console.log(`${path}: ${results!.runs.length} runs`);
});
