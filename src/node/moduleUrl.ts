// path or URL of a module → its URL

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shown } from '../core/check.ts';

/** The URL by which a thread imports a module; a {@link TypeError} when neither a path nor a URL is given. */
export function moduleUrl(action: string, name: string, module: string | URL): string {
  if (module instanceof URL) return module.href;
  if (typeof module === 'string' && module !== '') return pathToFileURL(resolve(module)).href;
  throw new TypeError(`Cannot ${action}: ${name} must be a path or a URL, got ${shown(module)}`);
}
