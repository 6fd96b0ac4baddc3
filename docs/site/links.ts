// Markdown of a page → the same with links that work on the site: to other pages, to pictures, and to the repository for the rest

import { statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';

/** Where the repository's files are read by people, as README.md names them. */
export const REPOSITORY = 'https://github.com/speech-emotion/speech-emotion';

/**
 * `page`: where the text is from; `pages`: those that the site has, by their paths from `root`. Headings lose their marks of code,
 * since typedoc leaves code out of a page's contents.
 */
export function linksForSite(text: string, page: string, root: string, pages: readonly string[]): string {
  const folder = dirname(page);
  const onSite = (path: string) => pages.includes(path) || /\.(svg|png)$/.test(path);

  function rewrite(link: string): string {
    const [, target = '', anchor = ''] = /^([^#]*)(#.*)?$/.exec(link)!;
    if (target.startsWith(`${REPOSITORY}/blob/main/`)) {
      const path = target.slice(`${REPOSITORY}/blob/main/`.length);
      return onSite(path) ? `${relative(folder, resolve(root, path))}${anchor}` : link;
    }
    if (target === '' || /^[a-z]+:/.test(target)) return link;
    const path = relative(root, resolve(folder, target));
    if (onSite(path)) return link;
    const file = statSync(resolve(root, path), { throwIfNoEntry: false });
    return file ? `${REPOSITORY}/${file.isDirectory() ? 'tree' : 'blob'}/main/${path}${anchor}` : link;
  }

  return apart(text, /(^```.*?^```$)/ms, (prose) =>
    apart(
      prose.replace(/^#+ .*$/gm, (heading) => heading.replaceAll('`', '')),
      /(`[^`\n]*`)/,
      (words) =>
        words
          .replace(/(\]\()([^)\s]+)(\))/g, (_, before, link, after) => before + rewrite(link) + after)
          .replace(/^(\[[^\]]+\]: )(\S+)$/gm, (_, before, link) => before + rewrite(link)),
    ),
  );
}

/** The text with what lies between matches changed; the one group of the expression is the match. */
function apart(text: string, match: RegExp, change: (between: string) => string): string {
  return text
    .split(match)
    .map((piece, i) => (i % 2 === 1 ? piece : change(piece)))
    .join('');
}
