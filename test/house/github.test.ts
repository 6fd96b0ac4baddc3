import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

/* .github as GitHub reads it. Oracle: a YAML parser, package.json's scripts, and the files that are named. */

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(resolve(root, path), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

interface Workflow {
  readonly on: unknown;
  readonly permissions: Record<string, string>;
  readonly jobs: Record<string, Job>;
}

interface Job {
  readonly uses?: string;
  readonly needs?: string;
  readonly permissions?: Record<string, string>;
  readonly strategy?: { matrix: Record<string, unknown[]> };
  readonly env?: Record<string, string>;
  readonly steps?: { readonly run?: string; readonly uses?: string; readonly env?: Record<string, string> }[];
}

const workflow = (name: string): Workflow => parse(read(`.github/workflows/${name}`));
const commandsOf = ({ jobs }: Workflow) =>
  Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []));

/** Commands that cannot be run: scripts that package.json lacks, files that are not there or not executable. */
function missing(commands: readonly string[]): string[] {
  return commands.filter((command) => {
    const [, script] = /npm run ([\w:-]+)/.exec(command) ?? [];
    if (script) return !(script in scripts);
    const [, file] = /(?:^|\s)(\.[\w/.-]+)$/.exec(command) ?? [];
    return (
      file !== undefined && !(existsSync(resolve(root, file)) && (statSync(resolve(root, file)).mode & 0o111) !== 0)
    );
  });
}

describe('workflows', () => {
  it.each(readdirSync(resolve(root, '.github/workflows')))(
    '%s runs what there is, with no more rights than it needs',
    (name) => {
      const { jobs, permissions } = workflow(name);
      expect(missing(commandsOf(workflow(name)))).toEqual([]);
      expect(permissions).toEqual({ contents: 'read' });
      for (const { needs, uses } of Object.values(jobs)) {
        if (needs) expect(jobs).toHaveProperty(needs);
        if (uses) expect(existsSync(resolve(root, uses)), uses).toBe(true);
      }
      expect(missing(['npm run no-such-script', 'X=1 .ci/no-such-file', 'npm run build'])).toHaveLength(2);
    },
  );

  it('ci.yml runs the gate, and the package’s tests on Node 20, 22 and 24', () => {
    const ci = workflow('ci.yml');
    expect(commandsOf(ci).some((command) => command.endsWith('.ci/run'))).toBe(true);
    expect(ci.jobs.package!.strategy!.matrix.node).toEqual([20, 22, 24]);
    expect(commandsOf(ci)).toContain('npx vitest run --project package');
    expect(ci.jobs.package!.env!.RUNTIMES_REQUIRED).toBeTruthy();
  });

  it('release.yml publishes tags with provenance, after the same tests', () => {
    const release = workflow('release.yml');
    expect(release.on).toEqual({ push: { tags: ['v*'] } });
    const { needs, permissions, steps } = release.jobs.publish!;
    expect(needs).toBe('test');
    expect(release.jobs.test!.uses).toBe('./.github/workflows/ci.yml');
    expect(permissions).toMatchObject({ 'id-token': 'write' });
    expect(steps!.some(({ run }) => run?.startsWith('npm publish --provenance'))).toBe(true);
  });
});

describe('issue forms', () => {
  const KINDS = ['markdown', 'textarea', 'input', 'dropdown', 'checkboxes'];

  it.each(['bug.yml', 'feature.yml'])('%s has what GitHub asks of a form', (name) => {
    const form = parse(read(`.github/ISSUE_TEMPLATE/${name}`));
    expect(form).toMatchObject({
      name: expect.any(String),
      description: expect.any(String),
      labels: [expect.any(String)],
    });
    const fields = form.body.filter(({ type }: { type: string }) => type !== 'markdown');
    for (const { type, id, attributes } of fields) {
      expect(KINDS).toContain(type);
      expect(id).toMatch(/^[\w-]+$/);
      expect(attributes.label).toEqual(expect.any(String));
      if (type === 'dropdown') expect(new Set(attributes.options).size).toBe(attributes.options.length);
    }
    expect(new Set(fields.map(({ id }: { id: string }) => id)).size).toBe(fields.length);
  });

  it('a bug comes with its sound, format and runtime', () => {
    const ids = parse(read('.github/ISSUE_TEMPLATE/bug.yml')).body.map(({ id }: { id?: string }) => id);
    expect(ids).toEqual(expect.arrayContaining(['program', 'sound', 'format', 'runtime', 'backend', 'versions']));
  });

  it('the others parse', () => {
    expect(parse(read('.github/ISSUE_TEMPLATE/config.yml')).contact_links).toHaveLength(1);
    expect(read('.github/pull_request_template.md')).toContain('npm run ok');
  });
});
