// a document of ELAN → what is wrong with it by the format's schema

import { readFile } from 'node:fs/promises';
import { validateXML } from 'xmllint-wasm';

/** What libxml2 says, held against `test/timelines/elan.xsd`. */
export async function elanFaults(document: string): Promise<string[]> {
  const contents = await readFile(new URL('../timelines/elan.xsd', import.meta.url), 'utf8');
  const { errors } = await validateXML({
    xml: [{ fileName: 'document.eaf', contents: document }],
    schema: [{ fileName: 'elan.xsd', contents }],
  });
  return errors.map(({ message }) => message);
}

/** Annotations of each tier, in milliseconds, taken apart by expressions of their own. */
export function elanTiers(document: string): Record<string, { from: number; to: number; text: string }[]> {
  const slots = new Map(
    [...document.matchAll(/TIME_SLOT_ID="(\w+)" TIME_VALUE="(\d+)"/g)].map(([, id, value]) => [id!, Number(value)]),
  );
  const tiers = [...document.matchAll(/<TIER [^>]*TIER_ID="([^"]*)">(.*?)<\/TIER>/gs)].map(([, name, content]) => {
    const pattern = /TIME_SLOT_REF1="(\w+)" TIME_SLOT_REF2="(\w+)">\s*<ANNOTATION_VALUE>([^<]*)<\/ANNOTATION_VALUE>/g;
    const annotations = [...content!.matchAll(pattern)].map(([, from, to, text]) => ({
      from: slots.get(from!)!,
      to: slots.get(to!)!,
      text: unescaped(text!),
    }));
    return [unescaped(name!), annotations] as const;
  });
  return Object.fromEntries(tiers);
}

const unescaped = (text: string) => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
