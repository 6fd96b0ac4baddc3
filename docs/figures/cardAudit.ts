// audits of the shipped models on corpora that none of them has heard → a section of the model card

import type { AuditResult, AuditView } from '../../src/evaluation/audit/auditResult.ts';
import { grouped, paragraph, percent, table } from './markdown.ts';
import { points, spaced } from './words.ts';

/** Audits by the name of the model: `model`, `ravdess`, `small`. */
export type Audits = Readonly<Record<string, AuditResult>>;

/** What the entries of the package are called, in the order of the columns. */
export const TITLES: Readonly<Record<string, string>> = {
  model: '`/pretrained`',
  ravdess: '`/pretrained/ravdess`',
  small: '`/pretrained/small`',
};

type Write = (value: number) => string;

/** The section; none without audits. */
export function cardAudit(audits: Audits): string[] {
  const names = Object.keys(TITLES).filter((name) => audits[name]);
  const all = names.map((name) => audits[name]!);
  const [first] = all;
  if (!first) return [];
  const { clips, speakers, corpora } = first.data;
  const counts = Object.entries(corpora).map(([name, own]) => `${name} (${grouped(own.clips)} clips)`);
  const row = (what: string, of: (audit: AuditResult) => number | null | undefined, write: Write = percent) => [
    what,
    ...all.map((audit) => {
      const value = of(audit);
      return value === undefined || value === null ? '–' : write(value);
    }),
  ];
  const groups = (group: string) => Object.keys(first.open.groups[group] ?? {}).sort();
  const byGroup = (group: string) =>
    groups(group).map((value) => row(`UAR, ${value}`, (audit) => viewOf(audit).groups[group]?.[value]?.uar));
  const doses = (first.robustness ?? []).map(({ name, dose }) =>
    row(`${spaced(name)}, ${dose}: ΔUAR`, (audit) => changeOf(audit, name, dose), points),
  );
  return [
    '### On voices that none of the models has heard',
    paragraph(`
\`npm run audit\` asked the shipped models themselves about ${counts.join(' and ')}, ${grouped(clips)} clips of ${speakers} speakers. Answers are judged among
the labels that the corpus asked for, calibration and the sure among all labels. [voices.md](voices.md) has models of the same configuration on each corpus
that they had not heard.`),
    table([
      ['', ...names.map((name) => TITLES[name]!)],
      row('UAR', (audit) => viewOf(audit).uar),
      ...byGroup('corpus'),
      ...byGroup('sex'),
      row(
        'ECE',
        ({ open }) => open.calibration.ece,
        (value) => value.toFixed(3),
      ),
      row('clips that are sure', ({ open }) => open.sure?.coverage),
      row('right among the sure', ({ open }) => open.sure?.accuracy),
      ...doses,
      row('other sounds taken for speech', ({ speech }) => speech?.nonSpeechTaken),
      row('speech taken for none', ({ speech }) => speech?.speechMissed),
    ]),
  ];
}

/** Among the labels asked for; among all where all were. */
function viewOf({ restricted, open }: AuditResult): AuditView {
  return restricted ?? open;
}

function changeOf({ robustness }: AuditResult, name: string, dose: string): number | undefined {
  const found = robustness?.find((one) => one.name === name && one.dose === dose);
  return found && (found.restricted ?? found.open).change;
}
