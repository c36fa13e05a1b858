import { createHmac, randomBytes } from 'node:crypto';
import type { RelatedPlace } from '../../core/finding.ts';
import { plural } from '../../core/text/instant.ts';
import { type ScannedFinding, withSaid } from './openScanner.ts';
import type { Scanned } from './scanTree.ts';

const MOST_RELATED = 10;

/**
 * Findings whose value stands in other files, too, name these. Values are compared by a hash whose key is gone with this run, so
 * that nothing of it says what a value is. That a private key stands in several files is told of the key.
 */
export async function withSameValues(
  findings: readonly ScannedFinding[],
  octetsOf: Scanned['octetsOf'],
  signal: AbortSignal,
): Promise<readonly ScannedFinding[]> {
  const key = randomBytes(32);
  const byValue = new Map<string, ScannedFinding[]>();
  for (const found of ofOneLength(findings)) {
    signal.throwIfAborted();
    const value = await octetsOf(found);
    if (value === undefined) continue;
    const hash = createHmac('sha256', key).update(value).digest('base64');
    const same = byValue.get(hash);
    if (same === undefined) byValue.set(hash, [found]);
    else same.push(found);
  }
  const told = new Map<ScannedFinding, ScannedFinding>();
  for (const group of byValue.values()) {
    const firsts = onePerFile(group);
    if (firsts.length < 2) continue;
    for (const found of group) told.set(found, withOthers(found, firsts));
  }
  return findings.map((found) => told.get(found) ?? found);
}

/** Values of one length in several files: no other can be the same. In their order, in which they are read soonest. */
function ofOneLength(findings: readonly ScannedFinding[]): readonly ScannedFinding[] {
  const byLength = new Map<number, ScannedFinding[]>();
  for (const found of findings) {
    if (found.spkiSha256 !== undefined) continue;
    const length = found.octets.end - found.octets.start;
    const same = byLength.get(length);
    if (same === undefined) byLength.set(length, [found]);
    else same.push(found);
  }
  const several = new Set([...byLength.values()].filter((group) => onePerFile(group).length > 1).flat());
  return findings.filter((found) => several.has(found));
}

function onePerFile(group: readonly ScannedFinding[]): readonly ScannedFinding[] {
  const files = new Map<string, ScannedFinding>();
  for (const found of group) if (!files.has(found.finding.file)) files.set(found.finding.file, found);
  return [...files.values()];
}

function withOthers(found: ScannedFinding, firsts: readonly ScannedFinding[]): ScannedFinding {
  const others = firsts
    .slice(0, MOST_RELATED + 1)
    .filter(({ finding }) => finding.file !== found.finding.file)
    .slice(0, MOST_RELATED);
  const related = others.map(
    ({ finding: { file, range } }): RelatedPlace => ({ file, range, message: 'the same value' }),
  );
  const count = firsts.length - 1;
  const { finding, said } = withSaid(
    `${found.said}; the same value stands in ${plural(count, 'more file')}`,
    found,
  );
  return {
    ...found,
    said,
    sameIn: related.map(({ file }) => file),
    finding: { ...finding, related: [...finding.related, ...related] },
  };
}
