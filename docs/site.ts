// README.md, docs/*.md, the API of src → docs/api, one site with search: npm run docs

import { fileURLToPath } from 'node:url';
import { Application, ConsoleLogger, LogLevel, type TypeDocOptions } from 'typedoc';
import { addPages } from './site/pages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Makes the site. Its settings are in typedoc.json; what is added here are the pages written by hand.
 *
 * @param out - folder to write to; none: it is only checked
 * @returns what typedoc complains of: what has no documentation, and links that lead nowhere
 */
export async function buildSite(out: string | undefined, options: Partial<TypeDocOptions> = {}): Promise<string[]> {
  const app = await Application.bootstrapWithPlugins({
    options: `${root}/typedoc.json`,
    tsconfig: `${root}/docs/site/tsconfig.json`, // of src alone: what tests declare is no part of the API
    basePath: root,
    plugin: [addPages],
    ...options,
  });
  const logger = new Listener();
  app.logger = logger;
  const project = await app.convert();
  if (!project) return ['Cannot read the sources', ...logger.complaints];
  app.validate(project);
  if (out !== undefined) await app.generateDocs(project, out);
  return logger.complaints;
}

/** Prints as typedoc does, and keeps what is a warning or worse. */
class Listener extends ConsoleLogger {
  readonly complaints: string[] = [];

  override log(message: string, level: Exclude<LogLevel, LogLevel.None>): void {
    if (level >= LogLevel.Warn) this.complaints.push(message);
    super.log(message, level);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const complaints = await buildSite(fileURLToPath(new URL('api', import.meta.url)));
  if (complaints.length > 0) process.exitCode = 1; // typedoc has printed them
}
