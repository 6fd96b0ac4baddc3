// where Chromium is → how tests start it, or a reason to skip

import { existsSync } from 'node:fs';
import { describe } from 'vitest';

/** Debian's Chromium, or the one that `CHROMIUM` names. */
export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Quiet, and with WebGL by software where there is no GPU. */
export const chromiumSwitches = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-swiftshader',
];

/** `describe` where Chromium is, `describe.skip` otherwise; continuous integration demands it. */
export const withChromium = existsSync(chromiumPath) ? describe : describe.skip;

if (process.env.CI && withChromium === describe.skip)
  throw new Error(`Chromium is required but is not at ${chromiumPath}`);
