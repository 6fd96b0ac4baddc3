import { resolve } from 'node:path';
import { Application, LogLevel as Level, type LogLevel } from 'typedoc';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** All that typedoc has to say about a program, with the project's own settings. */
async function warningsOf(options: Record<string, unknown>): Promise<string[]> {
  const app = await Application.bootstrap({ options: `${root}/typedoc.json`, basePath: root, ...options });
  const messages: string[] = [];
  app.logger = Object.assign(app.logger, {
    addContext: (message: string, level: LogLevel) => {
      if (level >= Level.Warn) messages.push(message);
      return message;
    },
  });
  const project = await app.convert();
  if (!project) throw new Error(`typedoc could not read the program:\n${messages.join('\n')}`);
  app.validate(project);
  return messages;
}

describe('documentation: every public symbol has a docstring (oracle: typedoc’s validation of the entries)', () => {
  it('holds for every entry', async () => {
    expect(await warningsOf({})).toEqual([]);
  });

  it('fails on an undocumented export', async () => {
    const warnings = await warningsOf({
      entryPoints: [`${root}/test/house/undocumented.ts`],
      tsconfig: `${root}/tsconfig.json`,
    });
    expect(warnings.join('\n')).toMatch(/undocumentedExport.*does not have any documentation/);
  });
});
