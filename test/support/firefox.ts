// where Firefox is → whether tests can start it

import { existsSync } from 'node:fs';
import { describe } from 'vitest';

/** Debian's Firefox, or the one that `FIREFOX` names. */
export const firefoxPath = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

const missing = existsSync(firefoxPath) ? undefined : `no Firefox at ${firefoxPath}; set FIREFOX to one`;

/** `describe` where Firefox is, skipped with the reason otherwise, unless `FIREFOX_REQUIRED` is set. */
export function withFirefox(title: string, body: () => void): void {
  if (missing) describe.skip(`${title} (skipped: ${missing})`, body);
  else describe(title, body);
}

if (process.env.FIREFOX_REQUIRED && missing) throw new Error(`Firefox is required: ${missing}`);
