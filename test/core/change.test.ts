import { expect, it } from 'vitest';
import { Change } from '../../src/core/change.ts';

it('ends every wait so far with a change, and none that begins later', async () => {
  const change = new Change();
  const ended: string[] = [];
  const wait = (name: string) => change.wait().then(() => ended.push(name));
  const first = [wait('a'), wait('b')];
  change.tell();
  const later = wait('c');
  await Promise.all(first);
  expect(ended).toEqual(['a', 'b']);
  change.tell();
  await later;
  expect(ended).toEqual(['a', 'b', 'c']);
});

it('keeps one promise however many wait, and none where nobody does', () => {
  const change = new Change();
  for (let i = 0; i < 5; i++) change.tell();
  const first = change.wait();
  expect(change.wait()).toBe(first);
  change.tell();
  expect(change.wait()).not.toBe(first);
});
