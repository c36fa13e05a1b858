import { decodePem } from '../../core/credential/pem.ts';
import { splitChain } from '../../core/credential/splitChain.ts';
import type { Finding } from '../../core/finding.ts';
import { type Generation, hasEnded } from '../../core/lifecycle/record.ts';
import { type LintFinding, lintCertificate } from '../../core/lint/lintCertificate.ts';
import { NAME, of, recordedIdentities } from '../../core/rules/recorded.ts';
import { report } from '../../core/rules/report.ts';
import { inTurns } from '../inspect/inTurns.ts';
import type { LintedRecords, LintReader } from './lintReader.ts';

export type RecordLint = LintReader;

/** While neither records nor manifests of certificates change it says what it said: what ends meanwhile is told when all is read again. */
export function openRecordLint(): RecordLint {
  const known = new WeakMap<Generation, readonly LintFinding[]>();
  const saidOf = (generation: Generation): readonly LintFinding[] => {
    const said = known.get(generation) ?? lint(generation);
    known.set(generation, said);
    return said;
  };
  let latest:
    | (Pick<LintedRecords, 'records'> & { readonly of: object; readonly said: readonly Finding[] })
    | undefined;
  return {
    async read(given, signal) {
      const { records } = given;
      const of = given.index.certificates();
      if (latest?.records !== records || latest.of !== of)
        latest = { records, of, said: await inTurns(steps(given, saidOf), signal) };
      return latest.said;
    },
  };
}

/** What several machines' certificates have in common is said once: the same authority made them. */
function* steps(
  { index, records, now }: LintedRecords,
  saidOf: (generation: Generation) => readonly LintFinding[],
): Generator<void, readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { resource, record } of recordedIdentities({ index, records })) {
    if (resource.kind !== 'Certificate') continue;
    const said = new Set<string>();
    for (const live of record.live.values()) {
      const generation = live.at(-1);
      if (generation === undefined || hasEnded(generation, now)) continue;
      for (const { meta, severity, message } of saidOf(generation)) {
        if (said.has(meta.id)) continue;
        said.add(meta.id);
        const text = `the certificate${of(generation)}: ${message} (${meta.standard})`;
        const found = report(resource, NAME, text, { why: `${meta.why} ${meta.remedy}` });
        findings.push({ ...found, rule: meta.id, severity });
      }
      yield;
    }
  }
  return findings;
}

/** By what the certificate says that it is. Hints are for who asks by a profile. */
function lint({ issued: { publicText } }: Generation): readonly LintFinding[] {
  const [leaf] = decodePem(splitChain(publicText)?.leaf ?? '');
  if (leaf === undefined || leaf.problem !== undefined) return [];
  return lintCertificate(leaf.bytes, 'auto').filter(({ severity }) => severity !== 'info');
}
