import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { EMOTION_LOOKS, looksOf, SPECTROGRAM_COLOURS, timelineSvg } from '../../src/timelines/index.ts';
import { timeTicks } from '../../src/timelines/timeTicks.ts';

const segments = [
  { start: 0, end: 2, label: 'sad', confidence: 0.9 },
  ...[2, 3].map((start) => ({
    ...{ start, end: start + 1, label: 'a <b> & "c"', confidence: 0.4, sure: false },
    scores: [{ label: 'sad\u0000', score: 0.3 }],
  })),
  { start: 4, end: 8 },
];
const faults = async (contents: string) =>
  (
    await validateXML({
      xml: [{ fileName: 'picture.svg', contents }],
      schema: [{ fileName: 'any.xsd', contents: ANY }],
    })
  ).errors;
/** A schema that any element of SVG fits, so that it is libxml2's parser that finds fault. */
const ANY = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/2000/svg">
<xs:element name="svg"><xs:complexType><xs:sequence><xs:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
<xs:anyAttribute processContents="skip"/></xs:complexType></xs:element></xs:schema>`;

describe('timelineSvg', () => {
  it.each(['light', 'dark'] as const)(
    'is a document of XML, whatever labels are called (oracle: libxml2; %s)',
    async (theme) => {
      const spectrogram = { href: 'data:image/png;base64,AA==', ticks: [{ at: 0.5, text: '1 kHz & "more"' }] };
      const svg = timelineSvg(segments, { theme, spectrogram, title: 'a & <b>' });
      expect(await faults(svg)).toEqual([]);
      expect((await faults(svg.replace('</g>', ''))).length).toBeGreaterThan(0);
      expect(await faults(timelineSvg([]))).toEqual([]);
    },
  );

  it('defines every pattern and shade that it fills with, once', () => {
    const svg = timelineSvg([
      ...segments,
      { start: 8, end: 9, label: 'happy', confidence: 0.9 },
      { start: 9, end: 10, label: 'angry', confidence: 0.9 },
    ]);
    const defined = Array.from(svg.matchAll(/ id="([^"]+)"/g), ([, id]) => id);
    const used = Array.from(svg.matchAll(/url\(#([^)]+)\)/g), ([, id]) => id);
    expect(new Set(defined).size).toBe(defined.length);
    expect(new Set(used)).toEqual(new Set(defined));
  });

  it('says in words what is heard when, and shows the longest name that has room', () => {
    const svg = timelineSvg(segments);
    expect(svg).toContain(
      '<desc>0.0 to 2.0 s: sad; 2.0 to 4.0 s: not sure: a &#60;b&#62; &#38; &#34;c&#34; or sad ; 4.0 to 8.0 s: no speech</desc>',
    );
    const named = (width: number) =>
      Array.from(timelineSvg(segments, { width }).matchAll(/font-weight="600"[^>]*>([^<]*)/g), ([, name]) => name);
    expect(named(1280)).toEqual(['sad', 'not sure: a &#60;b&#62; &#38; &#34;c&#34; or sad ', 'no speech']);
    expect(named(500)).toEqual(['sad', 'not sure', 'no speech']);
    expect(named(200)).toEqual(['not sure']);
  });

  it.each([
    [{ theme: 'grey' }, /theme must be one of 'light', 'dark', got "grey"/],
    [{ width: 10 }, /width must be a number from 160/],
    [{ spectrogram: { href: '' } }, /spectrogram\.href must be text/],
    [{ spectrogram: { href: 'x', ticks: [{ at: 2, text: 'x' }] } }, /spectrogram\.ticks\[0\]\.at must be/],
    [{ labels: [1] }, /labels\[0\] must be text/],
  ])('refuses %j', (options, message) => {
    expect(() => timelineSvg(segments, options as never)).toThrow(message);
  });
});

describe('timeTicks (oracle: by hand)', () => {
  const texts = (from: number, seconds: number, most = 10) => timeTicks(from, seconds, most).map(({ text }) => text);
  it('are round moments in the words of their size', () => {
    expect(texts(0, 6.7)).toEqual(['0 s', '1 s', '2 s', '3 s', '4 s', '5 s', '6 s']);
    expect(texts(0.3, 0.5)).toEqual(['0.3 s', '0.4 s', '0.5 s', '0.6 s', '0.7 s', '0.8 s']);
    expect(texts(50, 40, 3)).toEqual(['1:00', '1:15', '1:30']);
    expect(texts(0, 10_800, 4)).toEqual(['0:00:00', '1:00:00', '2:00:00', '3:00:00']);
    expect(texts(0, 0)).toEqual([]);
    expect(timeTicks(5, 10, 4).map(({ at }) => at)).toEqual([0, 0.5, 1]);
  });
});

/** OKLab (Ottosson, 2020) of sRGB. */
function oklab(hex: string): number[] {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const v = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
const distance = (one: string, other: string) => Math.hypot(...oklab(one).map((value, i) => value - oklab(other)[i]!));
/** WCAG 2.2: relative luminance. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const v = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const contrast = (one: string, other: string) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
};

describe.each(['light', 'dark'] as const)('looks, %s', (theme) => {
  const ground = SPECTROGRAM_COLOURS[theme][0];
  const smallest = (labels: readonly string[]) => {
    const fills = Object.values(looksOf(labels)).map((look) => look[theme].fill);
    return Math.min(...fills.flatMap((one, i) => fills.slice(i + 1).map((other) => distance(one, other))));
  };

  it('are words that can be read on the page and upon their fill (oracle: WCAG 2.2)', () => {
    for (const { [theme]: colours } of Object.values(EMOTION_LOOKS)) {
      expect(contrast(colours.ink, ground)).toBeGreaterThan(4.5);
      expect(contrast(colours.text, colours.fill)).toBeGreaterThan(3);
    }
  });

  it('keep a distance: the emotions, and sixteen labels of one’s own (oracle: OKLab)', () => {
    expect(smallest(Object.keys(EMOTION_LOOKS))).toBeGreaterThan(0.15);
    expect(smallest(Array.from({ length: 16 }, (_, i) => `class ${i}`))).toBeGreaterThan(0.06);
  });

  it('are one of a kind: mark or number, and colour with pattern', () => {
    const looks = Object.values(looksOf(['yes', 'happy', ...Array.from({ length: 14 }, (_, i) => `class ${i}`)]));
    expect(new Set(looks.map(({ mark, number }) => `${mark} ${number}`)).size).toBe(looks.length);
    expect(new Set(looks.map((look) => `${look[theme].fill} ${look.pattern.name}`)).size).toBe(looks.length);
  });
});

describe('looksOf', () => {
  it('numbers labels of one’s own, leaves emotions what they are, and gives no colour twice', () => {
    const { yes, happy, no } = looksOf(['yes', 'happy', 'no']);
    expect([yes!.number, happy, no!.number]).toEqual([1, EMOTION_LOOKS.happy, 3]);
    expect(new Set([yes, happy, no].map((look) => look!.light.fill)).size).toBe(3);
    expect(looksOf([])).toEqual({});
    expect(Object.keys(looksOf(['constructor', '__proto__']))).toEqual(['constructor', '__proto__']);
  });
});
