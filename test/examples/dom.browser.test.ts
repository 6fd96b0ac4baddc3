import { expect, it } from 'vitest';
import { refill } from '../../examples/web/dom.ts';

it('replaces the children of an element by any number of others (oracle: the call whose arguments do not fit on the stack)', () => {
  const list = document.createElement('ul');
  list.append('before');
  const many = Array.from({ length: 300_000 }, () => document.createElement('li'));
  expect(() => list.replaceChildren(...many)).toThrow(RangeError);
  refill(list, many);
  expect(list.childNodes).toHaveLength(many.length);
  expect(list.lastChild).toBe(many.at(-1));
});
