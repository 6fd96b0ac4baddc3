// results of folds that were trained on several machines → one file: npm run join-results -- FILE OTHERS…

import { readArguments, run, UsageError } from '../../examples/node/commandLine.ts';
import { joinConditions, joinRuns } from './joinRuns.ts';
import type { ResultFile, RobustnessFile } from './resultFile.ts';
import { isSameKind, type ResultHead, type ResultStore, readResult, resultStore, runStore } from './resultStore.ts';

const USAGE = `
npm run join-results -- FILE OTHERS…

Adds the runs that \`npm run evaluate\` wrote elsewhere (--folds, --seed, --out) to FILE: PROTOCOL.json, or robustness.json. Runs of the same seed
and fold are replaced. If any results are of another protocol or configuration, nothing is written.

  FILE      is written, and read if it exists
  OTHERS    one or more files, which are only read
`;

await run(async () => {
  const [path, ...others] = readArguments(USAGE, {}).positionals;
  if (!path || others.length === 0) throw new UsageError('Cannot join results: give a file and one or more others');
  const more = others.map((other) => {
    const found = readResult<ResultFile | RobustnessFile>(other);
    if (found && ('runs' in found || 'conditions' in found)) return found;
    throw new UsageError(`Cannot join results: ${other} must be a file of results`);
  });
  const before = readResult<ResultFile | RobustnessFile>(path);
  const kind = before ?? more[0]!;
  const odd = more.findIndex((file) => !isSameKind(kind, file) || 'runs' in kind !== 'runs' in file);
  if (odd >= 0) {
    throw new UsageError(
      `Cannot join results: ${others[odd]} must be of the protocol and configuration of ${path}, got another`,
    );
  }
  const all = before ? [before, ...more] : more;
  if ('runs' in kind) {
    const { runs } = await written(runStore(path), all as ResultFile[], joinRuns);
    console.log(`${path}: ${runs.length} runs`);
  } else {
    const store = resultStore<RobustnessFile>(path, 'conditions');
    const { conditions } = await written(store, all as RobustnessFile[], joinConditions);
    console.log(`${path}: ${conditions.map(({ name, runs }) => `${name} ${runs.length} runs`).join(', ')}`);
  }
});

async function written<T extends ResultHead>(
  store: ResultStore<T>,
  files: readonly T[],
  join: (some: T, others: T) => T,
): Promise<T> {
  const joined = files.reduce(join);
  await store.write(joined);
  return joined;
}
