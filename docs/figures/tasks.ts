// docs/results/tasks.json → the table of tasks in examples/web/DESIGN.md

import { fillRegion, table } from './markdown.ts';

/** How a task of the web interface went, by a pointer or by a keyboard. */
export interface TaskDone {
  readonly task: string;
  readonly hands: 'pointer' | 'keyboard';
  readonly steps: number;
  /** Presses of keys in all; none by a pointer. */
  readonly keys: number;
  readonly seconds: number;
}

/** The page with its table. */
export function tasksPage(page: string, done: readonly TaskDone[]): string {
  const by = (hands: TaskDone['hands']) => done.filter((one) => one.hands === hands);
  const rows = by('pointer').flatMap(({ task, steps, seconds }) => {
    const keyboard = by('keyboard').find((one) => one.task === task);
    return keyboard ? [[task, ...[steps, seconds, keyboard.steps, keyboard.keys, keyboard.seconds].map(String)]] : [];
  });
  if (rows.length === 0) return fillRegion(page, 'tasks', '');
  return fillRegion(page, 'tasks', table([['task', 'steps', 's', 'steps by keyboard', 'keys', 's'], ...rows]));
}
