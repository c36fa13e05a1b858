import type { Finding } from '../../core/finding.ts';
import { SCAN_RULE_NAMES } from '../../core/rules/generated/otherRules.ts';
import { readLargeBytes } from '../inspect/reading.ts';

/** What a scan of the same text says is not said twice. */
const SAID_BY_SCAN: ReadonlySet<string> = new Set(SCAN_RULE_NAMES.map(({ id }) => id));

/** What is wrong with each certificate of a text, at the lines where it stands; others have their turn meanwhile. */
export async function lintText(
  file: string,
  text: string,
  now: Date,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const bytes = new TextEncoder().encode(text);
  const { items } = await readLargeBytes(file, bytes, { now, lint: 'auto' }, signal);
  return items
    .filter(({ type }) => type === 'certificate')
    .flatMap(({ findings }) => findings)
    .filter(({ rule }) => !SAID_BY_SCAN.has(rule));
}
