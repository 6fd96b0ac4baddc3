import { describe, expect, it } from 'vitest';
import { auditPage } from '../../src/evaluation/index.ts';
import { madeUpAudit } from './madeUpAudit.ts';

const result = madeUpAudit();

describe('auditPage', () => {
  it('has every section and the figures (oracle: an audit that was made up)', () => {
    const page = auditPage(result, 'Of <numbers>');
    for (const text of [
      '<title>Of &#60;numbers&#62;</title>',
      'numbers &#38; seeds',
      '100 clips of 8 speakers: 100 of A (2 labels). Left out, since it lacks their labels: 3 calm.',
      '<td>male</td><td>50</td><td class="more">4</td><td>40.0 %</td>',
      'female above male by +20.0 points (+10.0 to +30.0)',
      '<td></td><td>0 dB</td><td>−25.0</td><td>−25.0</td><td>60.0 %</td>',
      '25.0 % of the sounds without speech were taken for speech; 1.0 % of the clips were not.',
      'A &#60;1&#62;',
    ]) {
      expect(page).toContain(text);
    }
    expect(page.match(/<h2>/g)).toHaveLength(5);
  });

  it('loads nothing, runs nothing, and leaves out what was not measured', () => {
    const page = auditPage({ ...result, restricted: null, robustness: null, speech: null });
    expect(page).not.toMatch(/<script|https?:|src=|@import|url\(|undefined|NaN/);
    expect(page.match(/<h2>/g)).toHaveLength(3);
    expect(page).not.toContain('asked for</th>');
  });

  it('folds groups of many values away', () => {
    const { female } = result.open.groups.sex!;
    const speaker = Object.fromEntries(Array.from({ length: 13 }, (_, i) => [`s${i}`, female!]));
    const open = { ...result.open, groups: { speaker } };
    expect(auditPage({ ...result, open })).toContain('<details><summary>By speaker: 13</summary>');
  });

  it('draws intervals where they are (closed form)', () => {
    const { female } = result.open.groups.sex!;
    const one = { ...female!, uar: 0.5, uarInterval: { low: 0.25, high: 0.75, level: 0.95 } };
    const open = { ...result.open, groups: { sex: { one } } };
    const page = auditPage({ ...result, open, restricted: null });
    expect(page).toContain('<path class="a interval" d="M25.00 10.0H75.00"/>');
    expect(page).toContain('<path class="a value" d="M50.00 7.0V13.0"/>');
  });

  it('refuses what is no audit', () => {
    expect(() => auditPage({} as never)).toThrow('Cannot draw an audit: result must be an audit of version 1, got {}');
  });
});
