import { describe, expect, it } from 'vitest';
import { checkAudit } from '../../src/evaluation/index.ts';
import { madeUpAudit } from './madeUpAudit.ts';

const result = madeUpAudit();

describe('checkAudit (oracle: the figures of an audit that was made up)', () => {
  it('has nothing to say where all limits are kept', () => {
    const limits = {
      ...{ uar: { min: 0.5, max: 0.5 }, war: { min: 0.4 }, ece: { max: 0.1 }, nll: { max: 2 }, brier: { max: 1 } },
      ...{ recalls: { sad: { min: 0.3 } }, groups: { sex: { min: 0.4 } }, gaps: { sex: { max: 0.2 } } },
      robustness: {
        babble: { change: { min: -0.3 }, unchanged: { min: 0.5 }, shift: { max: 0.5 }, uar: { min: 0.1 } },
      },
      ...{ restricted: { uar: { min: 0.6 } }, nonSpeechTaken: { max: 0.25 }, speechMissed: { max: 0.02 } },
    };
    expect(checkAudit(result, limits)).toEqual([]);
    expect(checkAudit(result, {})).toEqual([]);
  });

  it('lists each figure that is beyond its limit, and by how much it may', () => {
    const broken = checkAudit(result, {
      ...{ uar: { min: 0.6 }, ece: { max: 0.05 }, groups: { sex: { min: 0.5 } }, gaps: { sex: { max: 0.1 } } },
      robustness: { babble: { change: { min: -0.15 } } },
      ...{ restricted: { robustness: { babble: { uar: { min: 0.5 } } } }, nonSpeechTaken: { max: 0.01 } },
    });
    expect(broken).toEqual([
      { figure: 'open.uar', value: 0.5, rule: 'at least 0.6' },
      { figure: 'open.ece', value: 0.08, rule: 'at most 0.05' },
      { figure: 'open.groups.sex.male.uar', value: 0.4, rule: 'at least 0.5' },
      { figure: 'open.gaps.sex.difference', value: 0.2, rule: 'at most 0.1' },
      { figure: 'open.robustness.babble 0 dB.change', value: -0.25, rule: 'at least -0.15' },
      { figure: 'restricted.robustness.babble 0 dB.uar', value: 0.35, rule: 'at least 0.5' },
      { figure: 'speech.nonSpeechTaken', value: 0.25, rule: 'at most 0.01' },
    ]);
  });

  it('counts what was not measured as broken', () => {
    const rule = 'there, as it is limited';
    const limits = {
      ...{ recalls: { none: { min: 0 } }, groups: { age: { min: 0 } }, gaps: { age: { max: 1 } } },
      ...{ robustness: { mp3: { change: { min: -1 } } }, speechMissed: { max: 1 } },
    };
    const figures = ['recalls.none', 'groups.age', 'gaps.age.difference', 'robustness.mp3.change'];
    const broken = checkAudit({ ...result, speech: null }, limits);
    expect(broken).toEqual([
      ...figures.map((figure) => ({ figure: `open.${figure}`, value: undefined, rule })),
      { figure: 'speech.speechMissed', value: undefined, rule },
    ]);
  });

  it('takes the open view where nothing was restricted', () => {
    const [broken] = checkAudit({ ...result, restricted: null }, { restricted: { uar: { min: 0.6 } } });
    expect(broken).toEqual({ figure: 'restricted.uar', value: 0.5, rule: 'at least 0.6' });
  });

  it('says what is wrong', () => {
    const wrong = (limits: object) => () => checkAudit(result, limits);
    expect(wrong({ uars: {} })).toThrow("Cannot check an audit: there is no option named 'limits.uars'");
    expect(wrong({ uar: { least: 1 } })).toThrow("there is no option named 'limits.uar.least'");
    expect(wrong({ uar: { min: '1' } })).toThrow(/limits.uar.min must be a number/);
    expect(wrong({ restricted: { robustness: { babble: { uars: {} } } } })).toThrow(
      "there is no option named 'limits.restricted.robustness.babble.uars'",
    );
    expect(() => checkAudit({ ...result, version: 2 } as never, {})).toThrow(/must be an audit of version 1, got/);
  });
});
