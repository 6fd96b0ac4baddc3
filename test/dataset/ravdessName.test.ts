import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatasetError } from '../../src/core/errors.ts';
import { EMOTIONS } from '../../src/dataset/emotion.ts';
import { formatRavdessName, parseRavdessName } from '../../src/dataset/ravdessName.ts';
import { ravdessNames } from '../support/fakeRavdess.ts';

describe('parseRavdessName', () => {
  it('reads the example of the corpus page (02-01-06-01-02-01-12.mp4)', () => {
    // https://zenodo.org/records/1188976: "Video-only (02), Speech (01), Fearful (06), Normal intensity (01),
    // Statement 'dogs' (02), 1st Repetition (01), 12th Actor (12), Female, as the actor ID number is even."
    expect(parseRavdessName('02-01-06-01-02-01-12.mp4')).toEqual({
      modality: 'video',
      channel: 'speech',
      emotion: 'fearful',
      intensity: 'normal',
      statement: 2,
      text: 'Dogs are sitting by the door',
      repetition: 1,
      actor: 12,
      sex: 'female',
    });
  });

  it('numbers the emotions as the corpus does', () => {
    // The codes 01 to 08 of the corpus page.
    expect(EMOTIONS).toEqual(['neutral', 'calm', 'happy', 'sad', 'angry', 'fearful', 'disgust', 'surprised']);
    for (const [i, emotion] of EMOTIONS.entries()) {
      expect(parseRavdessName(`03-01-0${i + 1}-01-01-01-01.wav`).emotion).toBe(emotion);
    }
  });

  it('looks at the last part of a path only, and at no extension', () => {
    const bare = parseRavdessName('03-02-05-02-01-02-23');
    expect(bare).toMatchObject({ channel: 'song', emotion: 'angry', intensity: 'strong', actor: 23, sex: 'male' });
    for (const name of [
      'Audio.zip/Actor_23/03-02-05-02-01-02-23.wav',
      'C:\\ravdess\\Actor_23\\03-02-05-02-01-02-23.WAV',
      '../02-01-06-01-02-01-12/03-02-05-02-01-02-23.flac',
    ]) {
      expect(parseRavdessName(name)).toEqual(bare);
    }
  });

  it.each([
    ['04-01-01-01-01-01-01.wav', 'modality must be 01 to 03, got 04'],
    ['03-03-01-01-01-01-01.wav', 'channel must be 01 to 02, got 03'],
    ['03-01-09-01-01-01-01.wav', 'emotion must be 01 to 08, got 09'],
    ['03-01-00-01-01-01-01.wav', 'emotion must be 01 to 08, got 00'],
    ['03-01-02-03-01-01-01.wav', 'intensity must be 01 to 02, got 03'],
    ['03-01-02-01-03-01-01.wav', 'statement must be 01 to 02, got 03'],
    ['03-01-02-01-01-03-01.wav', 'repetition must be 01 to 02, got 03'],
    ['03-01-02-01-01-01-25.wav', 'actor must be 01 to 24, got 25'],
    ['03-01-02-01-01-01-00.wav', 'actor must be 01 to 24, got 00'],
    ['03-01-01-02-01-01-01.wav', 'intensity of neutral (emotion 01) must be 01'],
    ['03-02-07-01-01-01-01.wav', 'emotion of a song (channel 02) must be 01 to 06'],
    ['03-02-08-01-01-01-01.wav', 'emotion of a song (channel 02) must be 01 to 06'],
    ['03-01-02-01-01-01.wav', 'seven two-digit numbers'],
    ['03-01-02-01-01-01-01-01.wav', 'seven two-digit numbers'],
    ['3-1-2-1-1-1-1.wav', 'seven two-digit numbers'],
    ['03-01-02-01-01-01-01.wav.part', 'seven two-digit numbers'],
    ['a03-01-02-01-01-01-01.wav', 'seven two-digit numbers'],
    ['٠٣-٠١-٠٢-٠١-٠١-٠١-٠١.wav', 'seven two-digit numbers'],
    ['', 'seven two-digit numbers'],
  ])('refuses %s, naming file and rule', (name, rule) => {
    const error = thrownBy(() => parseRavdessName(`Actor_01/${name}`));
    expect(error).toBeInstanceOf(DatasetError);
    expect((error as DatasetError).message).toContain(rule);
    expect((error as DatasetError).message).toContain(`'Actor_01/${name}'`);
    expect((error as DatasetError).file).toBe(`Actor_01/${name}`);
  });

  it('answers or throws a DatasetError, whatever the string (property)', () => {
    const nearly = fc
      .array(fc.integer({ min: 0, max: 99 }), { minLength: 5, maxLength: 9 })
      .map((codes) => `${codes.map((code) => String(code).padStart(2, '0')).join('-')}.wav`);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearly), (name) => {
        const error = thrownBy(() => parseRavdessName(name));
        expect(error === undefined || error instanceof DatasetError).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('formatRavdessName', () => {
  it('is the inverse of parseRavdessName over every name of the sound-only corpus', () => {
    const names = [...ravdessNames('speech'), ...ravdessNames('song')];
    expect(names).toHaveLength(1440 + 1012);
    for (const name of names) expect(`${formatRavdessName(parseRavdessName(name))}.wav`).toBe(name.split('/')[1]);
  });

  it('accepts exactly the codes that the rules allow (all 3 × 2 × 8 × 2 × 2 × 2 × 24 written out)', () => {
    let valid = 0;
    const codes = (count: number) => Array.from({ length: count }, (_, i) => String(i + 1).padStart(2, '0'));
    for (const m of codes(3))
      for (const c of codes(2))
        for (const e of codes(8))
          for (const i of codes(2))
            for (const s of codes(2))
              for (const r of codes(2))
                for (const a of codes(24)) {
                  const name = [m, c, e, i, s, r, a].join('-');
                  if (thrownBy(() => parseRavdessName(name))) continue;
                  valid++;
                  if (formatRavdessName(parseRavdessName(name)) !== name) expect.unreachable(name);
                }
    // A modality: 24 actors × 4 takes × (15 combinations of emotion and intensity in speech + 11 in song).
    expect(valid).toBe(3 * 24 * 4 * (15 + 11));
  });

  it('refuses what the corpus does not have', () => {
    const strongNeutral = { ...parseRavdessName('03-01-01-01-01-01-01'), intensity: 'strong' as const };
    expect(() => formatRavdessName(strongNeutral)).toThrow(DatasetError);
    expect(() => formatRavdessName({ ...strongNeutral, intensity: 'normal', actor: 100 })).toThrow(DatasetError);
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}
