import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROTOCOLS } from '../../experiments/protocols/protocols.ts';
import type { ResultFile } from '../../experiments/results/resultFile.ts';
import { isSameKind, readResult } from '../../experiments/results/resultStore.ts';
import { TRIALS, type Trial } from '../../experiments/search/trials.ts';
import { type ConfigName, TRAINING_CONFIGS } from '../../experiments/training/trainingConfig.ts';

const folder = new URL('../../docs/results/', import.meta.url).pathname;

describe('docs/results (oracle: the protocols and configurations that the commands would run today)', () => {
  it.each<[string, string, ConfigName, string]>([
    ['si5', 'si5', 'independent', ''],
    ['si6', 'si6', 'independent', ''],
    ['sd10', 'sd10', 'dependent', ''],
    ['si5-small', 'si5', 'small', ''],
    ['permuted', 'si5', 'small', '; permuted labels'],
    ['learning-curve', 'si5', 'small', "; only some of each fold's training actors"],
    ['robustness', 'si5', 'independent', ''],
    ['robustness-small', 'si5', 'small', ''],
  ])('%s.json can be resumed', (name, protocol, config, note) => {
    const stored = readResult<ResultFile>(`${folder}${name}.json`)!;
    const description = `${PROTOCOLS[protocol]!.description}${note}`;
    const { labels, truth } = stored;
    expect(isSameKind(stored, { protocol, description, config: TRAINING_CONFIGS[config], labels, truth })).toBe(true);
  });

  it('those of several corpora can be resumed, too, as far as they are there', () => {
    for (const [name, protocol] of [
      ['si5-voices', 'si5'],
      ['loco-voices', 'loco'],
      ['robustness-voices', 'si5'],
    ] as const) {
      const stored = readResult<ResultFile>(`${folder}${name}.json`);
      if (!stored) continue;
      const { description } = PROTOCOLS[protocol]!;
      const { labels } = stored;
      expect(isSameKind(stored, { protocol, description, config: TRAINING_CONFIGS.voices, labels }), name).toBe(true);
    }
  });

  it('search.jsonl has the trials with their configurations, so that none is run again', () => {
    const lines = readFileSync(`${folder}search.jsonl`, 'utf8').trim().split('\n');
    const records = lines.map((line) => JSON.parse(line) as { trial: string; config: object });
    const isOf = (record: { trial: string }, { name }: Trial) => record.trial === name;
    const isSame = (record: { config: object }, { config }: Trial) =>
      JSON.stringify(record.config) === JSON.stringify(config);
    const recorded = TRIALS.filter((trial) => records.some((record) => isOf(record, trial)));
    expect(recorded.length).toBeGreaterThan(40);
    expect(recorded.filter((trial) => !records.some((record) => isOf(record, trial) && isSame(record, trial)))).toEqual(
      [],
    );
  });
});
