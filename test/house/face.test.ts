import { describe, expect, it } from 'vitest';
import { entriesOf, facesOf, listingOf } from './publicFace.ts';

/** The command line's package, too: what programs import of it. */
const entries = [...entriesOf(), { name: './cli', source: 'cli/src/index.ts' }];
const faces = facesOf(entries);
const root = faces.get('.') ?? [];
const fileOf = (entry: string) => `./face/${entry === '.' ? 'root' : entry.slice(2).replaceAll('/', '-')}.txt`;

/* A change of the listings is a change for users: it stands in the CHANGELOG. `npx vitest run --project house test/house/face.test.ts -u` writes them. */
describe('the public face is the one on record (oracle: the listings in test/house/face, made by TypeScript)', () => {
  it.each(entries.map(({ name }) => name))('%s', async (entry) => {
    const names = faces.get(entry) ?? [];
    if (entry !== './browser/capture') expect(names.length).toBeGreaterThan(0); // that one is run for its effect
    await expect(listingOf(names, entry === '.' ? [] : root)).toMatchFileSnapshot(fileOf(entry));
  });

  it('shows a parameter, an option and a member that change', () => {
    const listing = listingOf(root);
    expect(listing).toMatch(/^function train\(network: LayersModel, data: ExampleSet, options\?: TrainOptions/m);
    expect(listing).toMatch(/^interface TrainOptions\n( {2}.*\n)* {2}readonly epochs\?: number \| undefined$/m);
    expect(listing).toMatch(
      /^class EmotionClassifier.*\n( {2}.*\n)* {2}classify: \{ \(input: AudioInput, options: EachChannel/m,
    );
  });
});

describe('the root fits a page', () => {
  it('has at most 40 values', () => {
    expect(root.filter(({ isValue }) => isValue).length).toBeLessThanOrEqual(40);
  });

  it('has nothing that another entry has under the same name and means otherwise', () => {
    for (const [entry, names] of faces) {
      const other = names.filter(({ name, symbol }) => root.some((own) => own.name === name && own.symbol !== symbol));
      expect([entry, other.map(({ name }) => name)]).toEqual([entry, []]);
    }
  });
});
