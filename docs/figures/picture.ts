// a chart drawn for a page with a theme → an SVG file that any <img> can show

/**
 * Reproducible, on a white ground, with few digits.
 *
 * In an <img>, `currentColor` is black whatever the theme of the page, so the picture has its own ground. Vega numbers definitions
 * over the whole process and writes coordinates to the last digit; both would change from run to run.
 */
export function picture(svg: string): string {
  const [, width, height] = /<svg[^>]*? width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  if (!width || !height) throw new Error('Cannot keep a picture: it must say its width and height, got none');
  const ids = [...new Set(Array.from(svg.matchAll(/ id="([^"]+)"/g), ([, id]) => id!))];
  const renamed = ids.reduce(
    (text, id, i) => text.replaceAll(`"${id}"`, `"defined${i}"`).replaceAll(`url(#${id})`, `url(#defined${i})`),
    svg,
  );
  const rounded = renamed.replace(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2))));
  return `${rounded.replace(/(<svg[^>]*>)/, `$1<rect width="${width}" height="${height}" fill="#ffffff"/>`)}\n`;
}
