// folds as they are done → what is recognised of the clips that were made worse, in a file that is up to date at any time

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { argMax, type CrossValidateProgress, type EvaluatedClip } from 'speech-emotion';
import type { Perturbation } from './perturbations.ts';
import type { ResultFile, RobustnessCondition, RobustnessFile } from './resultFile.ts';
import { revision } from './revision.ts';

/** What comes before the name of a perturbation in the name of a clip. */
const MARK = '#';

/** Writes a {@link RobustnessFile}; what earlier calls with the same recipe left stays. */
export class RobustnessRecord {
  readonly #path: string;
  #file: RobustnessFile;

  constructor(
    path: string,
    head: Pick<ResultFile, 'protocol' | 'says' | 'recipe' | 'labels'>,
    perturbations: readonly Perturbation[],
  ) {
    this.#path = path;
    const before = read(path);
    const same = before && JSON.stringify(before.recipe) === JSON.stringify(head.recipe);
    this.#file = {
      ...{ ...head, commit: same ? before.commit : revision(), checks: [] },
      conditions: perturbations.map(({ name, says }) => ({
        ...{ name, says },
        runs: (same && before.conditions.find((condition) => condition.name === name)?.runs) || [],
      })),
    };
  }

  /** To be called with everything that a cross-validation tells. */
  readonly take = (event: CrossValidateProgress): void => {
    if (event.type !== 'fold') return;
    const { seed, fold, evaluation } = event;
    const conditions = this.#file.conditions.map(({ name, says, runs }): RobustnessCondition => {
      const recognised = inOrder(evaluation.clips, name).map(({ probabilities }) => argMax(probabilities));
      const others = runs.filter((run) => run.seed !== seed || run.fold !== fold);
      const all = [...others, { seed, fold, recognised: recognised.join('') }];
      all.sort((a, b) => a.seed - b.seed || (a.fold < b.fold ? -1 : 1));
      return { name, says, runs: all };
    });
    this.#file = { ...this.#file, conditions };
    this.#write();
  };

  /** @param checks what was checked, when all is over */
  finish(checks: readonly string[]): void {
    this.#file = { ...this.#file, checks };
    this.#write();
  }

  #write(): void {
    const { conditions, ...head } = this.#file;
    const lines = conditions.map((condition) => JSON.stringify(condition)).join(',\n');
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(`${this.#path}.part`, `${JSON.stringify(head).slice(0, -1)},"conditions":[\n${lines}\n]}\n`);
    renameSync(`${this.#path}.part`, this.#path);
  }
}

/** Whether a clip is as it was recorded. */
export function isUnchanged({ name }: { readonly name: string }): boolean {
  return !name.includes(MARK);
}

/** The clips of a condition, by the names of the files that they were made of; `clean` is the clips as they are. */
function inOrder(clips: readonly EvaluatedClip[], condition: string): EvaluatedClip[] {
  const own = clips.filter((clip) =>
    condition === 'clean' ? isUnchanged(clip) : clip.name.endsWith(`${MARK}${condition}`),
  );
  const file = ({ name }: EvaluatedClip) => basename(name).split(MARK)[0]!;
  return own.sort((a, b) => (file(a) < file(b) ? -1 : 1));
}

function read(path: string): RobustnessFile | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
