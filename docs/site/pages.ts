// pages written by hand → documents of the site: in their order, under their headings, with links that work there

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Application,
  Comment,
  CommentTag,
  Converter,
  type DocumentReflection,
  MinimalSourceFile,
  type NormalizedPath,
  ReflectionKind,
} from 'typedoc';
import { linksForSite } from './links.ts';

/** The pages by the group that the navigation shows them in. */
export const PAGES = {
  Guides: [
    'examples/README.md',
    'docs/pipeline.md',
    'docs/formats.md',
    'docs/browser.md',
    'docs/hosting.md',
    'docs/timelines.md',
    'docs/live.md',
    'docs/serve.md',
    'docs/scale.md',
    'docs/speech.md',
    'docs/personalising.md',
    'docs/corpora.md',
    'docs/training.md',
    'docs/audit.md',
    'docs/extending.md',
  ],
  Background: ['docs/architecture.md', 'docs/systems.md', 'docs/glossary.md'],
  Evidence: [
    'docs/results.md',
    'docs/voices.md',
    'docs/leaks.md',
    'docs/model-card.md',
    'docs/parity.md',
    'docs/performance.md',
    'docs/reliability.md',
  ],
  Project: ['docs/licences.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
};

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What package.json calls entries, where their files in src have another name. */
const ENTRIES: Record<string, string> = { src: 'speech-emotion', 'src/dataset': 'speech-emotion/corpora' };

/** A plugin of typedoc's. */
export function addPages(app: Application): void {
  const groups = Object.entries(PAGES);
  const paths = groups.flatMap(([, pages]) => pages);
  app.on(Application.EVENT_BOOTSTRAP_END, () => {
    app.options.setValue(
      'projectDocuments',
      paths.map((path) => resolve(root, path)),
    );
    app.options.setValue('groupOrder', [...groups.map(([group]) => group), 'API']);
  });

  // typedoc reads the README and all documents by this method of its own, which is public.
  const parse = app.converter.parseRawComment.bind(app.converter);
  app.converter.parseRawComment = (file, files) =>
    parse(
      new MinimalSourceFile(linksForSite(file.text, file.fileName, root, paths), file.fileName as NormalizedPath),
      files,
    );

  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document: DocumentReflection) => {
    const path = paths.find((path) => path.replace(/\.md$/, '') === document.name);
    const text = document.content.map((part) => part.text).join('');
    document.name = /^# (.+)$/m.exec(text)?.[1] ?? document.name;
    document.frontmatter.group = groups.find(([, pages]) => path && pages.includes(path))?.[0];
  });

  // Entries are called as they are imported, and described as the README's table does.
  const readme = readFileSync(resolve(root, 'README.md'), 'utf8');
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_, module) => {
    if (!module.kindOf(ReflectionKind.Module)) return;
    module.name = ENTRIES[module.name] ?? module.name.replace(/^src/, 'speech-emotion');
    const [, text = ''] = new RegExp(`^\\| \`${module.name}\`[^|]*\\| (.*?) *\\|$`, 'm').exec(readme) ?? [];
    module.comment = new Comment(
      [{ kind: 'text', text: text.charAt(0).toUpperCase() + text.slice(1) }],
      [new CommentTag('@group', [{ kind: 'text', text: 'API' }])],
    );
  });
}
