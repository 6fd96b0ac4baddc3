// a page → hands on it, as a user has them: a pointer, or a keyboard alone; each counts what it does

import type { Locator, Page } from 'playwright-core';

/** Files as they are chosen. */
export type Files = Parameters<Page['setInputFiles']>[1];

/** What a user does. A step is what somebody would tell another to do: press this, choose that, write this. */
export interface Hands {
  /** Where they are; a task may go on in another tab. */
  page: Page;
  readonly steps: number;
  /** Presses of keys in all, where there are only keys. */
  readonly keys: number;
  press(target: Locator): Promise<void>;
  /** Opens the dialog that the field opens, and chooses. */
  choose(field: Locator, files: Files): Promise<void>;
  write(field: Locator, text: string): Promise<void>;
  /** Opens a menu, and takes the entry of that name. */
  take(menu: Locator, entry: RegExp): Promise<void>;
}

/** The hands there are. */
export const HANDS = {
  pointer: (page: Page): Hands => new Pointer(page),
  keyboard: (page: Page): Hands => new Keyboard(page),
} as const;

class Pointer implements Hands {
  steps = 0;
  readonly keys = 0;

  constructor(public page: Page) {}

  async press(target: Locator): Promise<void> {
    await target.click();
    this.steps++;
  }

  async choose(field: Locator, files: Files): Promise<void> {
    const opening = this.page.waitForEvent('filechooser');
    await field.click({ force: true }); // it lies over its button, and is not seen
    await (await opening).setFiles(files, { timeout: 120_000 });
    this.steps++;
  }

  async write(field: Locator, text: string): Promise<void> {
    await field.click({ clickCount: 3 });
    await this.page.keyboard.type(text);
    this.steps++;
  }

  async take(menu: Locator, entry: RegExp): Promise<void> {
    await this.press(menu);
    await this.press(this.page.getByRole('menuitem', { name: entry }));
  }
}

/** More than the page has places that take the focus. */
const MOST_TABS = 150;

class Keyboard implements Hands {
  steps = 0;
  keys = 0;

  constructor(public page: Page) {}

  async press(target: Locator): Promise<void> {
    await this.#reach(target, 'Tab', MOST_TABS);
    await this.#key('Enter');
    this.steps++;
  }

  async choose(field: Locator, files: Files): Promise<void> {
    // Asked for before the focus sets out: a browser under load takes a while until it hands choosers over, and one of before is lost.
    const opening = this.page.waitForEvent('filechooser');
    await this.#reach(field, 'Tab', MOST_TABS);
    await this.#key('Space');
    await (await opening).setFiles(files, { timeout: 120_000 });
    this.steps++;
  }

  async write(field: Locator, text: string): Promise<void> {
    await this.#reach(field, 'Tab', MOST_TABS);
    await this.#key('ControlOrMeta+A');
    await this.page.keyboard.type(text);
    this.keys += text.length;
    this.steps++;
  }

  async take(menu: Locator, entry: RegExp): Promise<void> {
    await this.press(menu);
    await this.#reach(this.page.getByRole('menuitem', { name: entry }), 'ArrowDown', 20);
    await this.#key('Enter');
    this.steps++;
  }

  /** Goes on from where the focus is, as everybody has to. */
  async #reach(target: Locator, key: string, most: number): Promise<void> {
    await target.and(this.page.locator(':not(:disabled)')).waitFor({ state: 'attached' });
    const hasFocus = () => target.evaluate((element) => element === document.activeElement);
    for (let presses = 0; !(await hasFocus()); presses++) {
      if (presses === most) throw new Error(`${key} does not reach ${target}`);
      await this.#key(key);
    }
  }

  async #key(key: string): Promise<void> {
    await this.page.keyboard.press(key);
    this.keys++;
  }
}
