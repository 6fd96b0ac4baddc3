// README.md, docs/*.md, the API of src → docs/api, one site with search: npm run docs

import { fileURLToPath } from 'node:url';
import { Application, LogLevel } from 'typedoc';
import { addPages } from './site/pages.ts';

/**
 * Makes the site. The settings of the API pages are in typedoc.json; what is added here are the pages written by hand.
 *
 * @returns what typedoc has to complain about: warnings, and links that lead nowhere
 */
export async function buildSite(out: string): Promise<string[]> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const app = await Application.bootstrapWithPlugins({
    options: `${root}/typedoc.json`,
    basePath: root,
    out,
    plugin: [addPages],
  });
  const complaints: string[] = [];
  const log = app.logger.addContext;
  app.logger.addContext = (message, level, ...rest) => {
    if (level >= LogLevel.Warn) complaints.push(message);
    return log.call(app.logger, message, level, ...rest);
  };
  const project = await app.convert();
  if (!project) return ['the sources do not compile', ...complaints];
  app.validate(project);
  await app.generateOutputs(project);
  return complaints;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const complaints = await buildSite(fileURLToPath(new URL('api', import.meta.url)));
  if (complaints.length > 0) process.exitCode = 1; // typedoc has printed them
}
