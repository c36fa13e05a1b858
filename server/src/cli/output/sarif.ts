import { createHash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Finding, Location, Severity } from '../../core/finding.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import type { RuleMeta } from '../../core/rules/rule.ts';
import type { Range } from '../../core/text/position.ts';

const LEVEL: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };
const BASE = 'PROJECTROOT';

export interface SarifInput {
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleMeta[];
  readonly root: string;
  readonly version: string;
}

/** SARIF 2.1.0 (OASIS). Regions are those of the findings, 1-based, columns in UTF-16 code units. */
export function sarif({ findings, rules, root, version }: SarifInput): string {
  const known = new Map(rules.map((meta) => [meta.id, meta]));
  const used = [...new Set(findings.map((each) => each.rule))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'idac',
            semanticVersion: version,
            rules: used.map((id) => ruleDescriptor(id, known.get(id))),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [BASE]: { uri: pathToFileURL(`${root}/`).href } },
        results: findings.map((finding) => resultOf(finding, used.indexOf(finding.rule))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** The help travels in the report: whoever reads it may have no access to the pages. */
function ruleDescriptor(id: string, meta: RuleMeta | undefined) {
  if (meta === undefined) return { id };
  const standard = meta.standard === undefined ? '' : ` (${meta.standard})`;
  return {
    id,
    shortDescription: { text: meta.title },
    fullDescription: { text: `${meta.why}${standard}` },
    help: {
      text: `${meta.why} ${meta.remedy}`,
      markdown: `**${meta.title}**\n\n${meta.why}\n\n${meta.remedy}`,
    },
    defaultConfiguration: { level: LEVEL[meta.severity] },
  };
}

function resultOf(finding: Finding, ruleIndex: number) {
  const identity = finding.identity === undefined ? undefined : formatIdentity(finding.identity);
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: LEVEL[finding.severity],
    message: { text: finding.why === undefined ? finding.message : `${finding.message} ${finding.why}` },
    locations: [
      {
        physicalLocation: physicalLocation(finding),
        ...(identity === undefined
          ? {}
          : { logicalLocations: [{ fullyQualifiedName: identity, kind: 'resource' }] }),
      },
    ],
    // The same finding stays the same when lines above it come and go.
    partialFingerprints: {
      'idac/v1': fingerprint([finding.rule, finding.file, identity ?? '', finding.message]),
    },
    ...(finding.related.length === 0
      ? {}
      : {
          relatedLocations: finding.related.map((each, id) => ({
            id,
            message: { text: each.message },
            physicalLocation: physicalLocation(each),
          })),
        }),
    ...(finding.fixes.length === 0
      ? {}
      : {
          fixes: finding.fixes.map((fix) => ({
            description: { text: fix.title },
            artifactChanges: fix.edits.map((edit) => ({
              artifactLocation: artifact(edit.file),
              replacements: [{ deletedRegion: region(edit.range), insertedContent: { text: edit.newText } }],
            })),
          })),
        }),
  };
}

function physicalLocation(place: Location) {
  return { artifactLocation: artifact(place.file), region: region(place.range) };
}

function artifact(file: string) {
  // A policy from outside stands in no folder of the project.
  if (isAbsolute(file)) return { uri: pathToFileURL(file).href };
  return { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: BASE };
}

function region({ start, end }: Range) {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

function fingerprint(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
