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

const missing = existsSync(chromiumPath) ? undefined : `no Chromium at ${chromiumPath}; set CHROMIUM to one`;

/** `describe` where Chromium is, skipped with the reason otherwise; continuous integration demands it. */
export function withChromium(title: string, body: () => void): void {
  if (missing) describe.skip(`${title} (skipped: ${missing})`, body);
  else describe(title, body);
}

if (process.env.CI && missing) throw new Error(`Chromium is required: ${missing}`);
