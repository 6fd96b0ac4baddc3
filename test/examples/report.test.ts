import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { labelColours } from '../../cli/src/drawing/colours.ts';
import { melPixels } from '../../cli/src/drawing/melPixels.ts';
import { soundPixels } from '../../cli/src/drawing/soundPixels.ts';
import { page } from '../../cli/src/report/page.ts';
import { heatPng } from '../../cli/src/report/png.ts';
import { probabilityBars } from '../../cli/src/report/probabilityBars.ts';
import { spectrogram } from '../../cli/src/report/spectrogram.ts';
import { timelinePicture } from '../../cli/src/report/timelinePicture.ts';
import { confusionMatrix } from '../../experiments/report/confusionMatrix.ts';
import { learningCurves } from '../../experiments/report/learningCurves.ts';

const EMOTIONS = ['neutral', 'calm', 'happy', 'sad', 'angry', 'fearful', 'disgust', 'surprised'];

/** All words in a picture, in the order of drawing. */
const textsOf = (svg: string) => Array.from(svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g), ([, text]) => text);

/** [height, width, RGBA]; an independent renderer, which fails on damaged SVG. */
const render = (svg: string) => new Resvg(svg, { background: '#ffffff' }).render();

function sine(hz: number, seconds: number, sampleRate = 16_000) {
  const samples = Float32Array.from({ length: seconds * sampleRate }, (_, i) =>
    Math.sin((2 * Math.PI * hz * i) / sampleRate),
  );
  return { samples, sampleRate };
}

describe('soundPixels', () => {
  it('is brightest at the pitch of a sine (closed form)', () => {
    const { values, width, height, maxHz } = soundPixels(sine(1000, 1));
    const column = Array.from({ length: height }, (_, y) => values[y * width + (width >> 1)]!);
    const brightest = column.indexOf(Math.max(...column));
    expect(Math.abs(maxHz * (1 - brightest / (height - 1)) - 1000)).toBeLessThan(maxHz / height);
    expect(column[brightest]).toBeCloseTo(1, 1);
    expect(Math.min(...column)).toBe(0);
  });

  it('stays within the width of a screen for long recordings, and draws silence black', () => {
    const { values, width } = soundPixels({ samples: new Float32Array(16_000 * 60), sampleRate: 16_000 });
    expect(width).toBeLessThanOrEqual(1001);
    expect(values.every((value) => value === 0)).toBe(true);
  });
});

describe('melPixels', () => {
  it('is brightest at the pitch of a sine, between the frequencies beside it (closed form), and empty where it is silent', () => {
    const { values, width, height, ticks } = melPixels(sine(1000, 1));
    const column = Array.from({ length: height }, (_, y) => values[y * width + (width >> 1)]!);
    const brightest = 1 - column.indexOf(Math.max(...column)) / (height - 1);
    expect(Math.abs(brightest - ticks.find(({ text }) => text === '1 kHz')!.at)).toBeLessThan(2 / height);
    const silent = melPixels({ samples: new Float32Array(8000 * 60), sampleRate: 8000 });
    expect(silent.values.every((value) => value === 0)).toBe(true);
    expect(silent.width).toBeLessThanOrEqual(1201);
    expect(silent.ticks.map(({ text }) => text)).toEqual(['200 Hz', '500 Hz', '1 kHz', '2 kHz']);
  });
});

describe('heatPng', () => {
  it('is a picture whose pixels are of the page’s colours, evenly mixed between two (oracle: another decoder)', () => {
    const url = heatPng(Float32Array.of(0, 1, 0.5, 0), 2, 2);
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"><image width="2" height="2" image-rendering="pixelated" href="${url}"/></svg>`;
    const { pixels } = render(svg);
    const rgb = Array.from({ length: 4 }, (_, i) => [...pixels.subarray(4 * i, 4 * i + 3)]);
    expect(rgb[0]).toEqual([0xfa, 0xf8, 0xf4]);
    expect(rgb[1]).toEqual([0x17, 0x13, 0x1f]);
    // 128 of 255 is a little past the middle of seven colours, the fourth: #be6a70, then #84406b
    expect(rgb[2]!.every((value, i) => Math.abs(value - [0xbe, 0x6a, 0x70][i]!) <= 2)).toBe(true);
    expect(rgb[3]).toEqual(rgb[0]);
  });
});

describe('labelColours', () => {
  it('gives eight emotions eight colours, and others colours too', () => {
    expect(new Set(labelColours(EMOTIONS, 'light').range).size).toBe(8);
    expect(labelColours([...EMOTIONS].reverse(), 'dark')).toEqual(labelColours(EMOTIONS, 'dark'));
    expect(new Set(labelColours(['bored', 'excited'], 'light').range).size).toBe(2);
  });
});

describe('charts', () => {
  it('confusionMatrix writes counts and shares of the row', async () => {
    const svg = await confusionMatrix(
      ['happy', 'sad'],
      [
        [3, 1],
        [0, 0],
      ],
    );
    const texts = textsOf(svg);
    for (const text of ['happy', 'sad', 'actual', 'predicted', '3', '75 %', '1', '25 %']) expect(texts).toContain(text);
    expect(texts.filter((text) => text === '0 %')).toHaveLength(2); // a row without clips is not a division by zero
    expect(render(svg).width).toBeGreaterThan(100);
  });

  it('probabilityBars draws a bar as long as its probability', async () => {
    const svg = await probabilityBars([
      { label: 'sad', score: 0.75 },
      { label: 'happy', score: 0.25 },
    ]);
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['75.0 %', '25.0 %']));
    const lengths = Array.from(svg.matchAll(/d="M0,[\d.]+h([\d.]+)v[\d.]+h-/g), ([, length]) => Number(length));
    expect(lengths).toEqual(expect.arrayContaining([315, 105])); // of 420
  });

  it('learningCurves draws both losses, the recall, and marks the epoch that was kept', async () => {
    const history = [1, 2, 3].map((epoch) => ({
      epoch,
      loss: 2 / epoch,
      validation: { loss: 2.2 / epoch, uar: epoch / 4 },
    }));
    const svg = await learningCurves(history, 2);
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(['cross entropy', 'macro recall (UAR)', 'training', 'validation', '100%']),
    );
    expect(svg.match(/stroke-dasharray/g)).toHaveLength(2);
    expect(textsOf(await learningCurves([{ epoch: 1, loss: 2 }]))).not.toContain('macro recall (UAR)');
  });

  it('spectrogram is of a sound, on axes in hertz and seconds', async () => {
    const svg = await spectrogram(sine(440, 2));
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['Hz', 'time (s)', '8,000', '2.0']));
    expect(svg).toContain('data:image/png;base64,');
  });

  it('timelinePicture puts the ribbon under the sound, for light and for dark pages', async () => {
    const scores = EMOTIONS.map((label) => ({ label, score: 1 / 8 }));
    const segments = [{ start: 0, end: 2, label: 'sad', confidence: 0.9, scores }];
    const html = await timelinePicture(segments, { seconds: 2, waveform: sine(440, 2) });
    const svgs = html.match(/<svg.*?<\/svg>/gs)!;
    expect(svgs).toHaveLength(2);
    for (const svg of svgs) {
      expect(textsOf(svg)).toEqual(expect.arrayContaining(['1 kHz', 'sad', '0.0 s', '2.0 s']));
      expect(render(svg).width).toBe(960);
    }
    expect(await timelinePicture(segments, { seconds: 2 })).not.toContain('<image');
  });
});

describe('page', () => {
  it('escapes all text and keeps pictures', () => {
    const html = page('<b>', [
      { title: '"x" & y', figures: [{ svg: '<svg/>', alt: 'a"b' }], table: [['<th>'], ['<td>']] },
    ]);
    expect(html).toContain('<title>&#60;b&#62;</title>');
    expect(html).toContain('&#34;x&#34; &#38; y');
    expect(html).toContain('<figure role="img" aria-label="a&#34;b"><svg/></figure>');
    expect(html).toContain('<th>&#60;th&#62;</th>');
    expect(html).toContain('<td>&#60;td&#62;</td>');
  });
});
