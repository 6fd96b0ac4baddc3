// working copy → its revision, for results

import { execFileSync } from 'node:child_process';

/** The commit, with a `+` if files differ from it; `unknown` without Git. */
export function revision(): string {
  const git = (...words: string[]) => execFileSync('git', words, { encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    const changed = git(
      'status',
      '--porcelain',
      '--untracked-files=no',
      '--',
      'src',
      'examples',
      'experiments',
      'assembly',
    );
    return `${git('rev-parse', '--short', 'HEAD')}${changed && '+'}`;
  } catch {
    return 'unknown';
  }
}
