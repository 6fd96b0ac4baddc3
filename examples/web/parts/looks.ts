// the model's labels → their colours as CSS variables, their marks and patterns

import { computed, effect } from '@preact/signals';
import { EMOTION_LOOKS, type EmotionLook, looksOf } from 'speech-emotion/timelines';
import { classifier } from '../state/classifier.ts';
import { ownLabels } from '../state/ownLabels.ts';

/** The looks of the eight emotions, of the labels of the model in use, and of those that are taught. */
export const looks = computed<Readonly<Record<string, EmotionLook>>>(() => {
  const { value } = classifier;
  const labels = value.is === 'ready' ? value.classifier.labels : [];
  return { ...EMOTION_LOOKS, ...looksOf(labels), ...looksOf(ownLabels.value) };
});

/** The address of a label's pattern, which the page's {@link Patterns} define. */
export function patternOf(label: string): string {
  return `pattern-${Object.keys(looks.value).indexOf(label)}`;
}

const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);

/** What has `data-emotion` has the emotion's `--fill`, `--ink`, `--on`, `--pattern` and, where the fill is pale, `--outline`. */
effect(() => {
  const rules = Object.entries(looks.value).map(([label, { light, dark }]) => {
    const both = (key: keyof typeof light) => `light-dark(${light[key]}, ${dark[key]})`;
    const isPale = light.text < light.fill; // hexadecimal: darker text than ground
    const outline = isPale ? `light-dark(${light.ink}, transparent)` : 'transparent';
    return `[data-emotion=${JSON.stringify(label)}] { --fill: ${both('fill')}; --ink: ${both('ink')}; --on: ${both('text')}; --pattern: ${both('pattern')}; --outline: ${outline} }`;
  });
  sheet.replaceSync(rules.join('\n'));
});
