import type { Finding } from '../../../server/src/core/finding.ts';
import { buildProjectIndex, type ProjectIndex } from '../../../server/src/core/identity/projectIndex.ts';
import { parseManifestFile } from '../../../server/src/core/manifest/manifestFile.ts';
import type { BoundPolicy } from '../../../server/src/core/policy/boundPolicy.ts';
import { runRules } from '../../../server/src/core/rules/runRules.ts';
import { backendRoles } from '../../../server/src/core/schema/backendRoles.ts';

const HEAD = 'apiVersion: identity-as-code/v1';

export function policy(name: string, spec: string): string {
  return `${HEAD}\nkind: Policy\nmetadata: { name: ${name} }\nspec:\n${indented(spec)}`;
}

export function certificate(name: string, more: string, metadata = ''): string {
  return `${HEAD}\nkind: Certificate\nmetadata: { name: ${name}${metadata} }\nspec:\n  owner: { team: web }\n  dnsNames: [${name}.example.com]\n  issuer: local-ca\n${indented(more)}`;
}

const BACKEND = `${HEAD}\nkind: Backend\nmetadata: { name: local-ca }\nspec: { type: local, owner: { team: platform } }\n`;

function indented(text: string): string {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `  ${line}\n`)
    .join('');
}

export function projectOf(files: Readonly<Record<string, string>>): ProjectIndex {
  const read = Object.entries({ 'ca.identity.yaml': BACKEND, ...files }).map(
    ([path, text]) => [path, parseManifestFile(path, text)] as const,
  );
  return buildProjectIndex(new Map(read));
}

export function findingsOf(
  index: ProjectIndex,
  outside: readonly BoundPolicy[] = [],
  now = new Date('2026-12-01T08:00:00Z'),
): readonly Finding[] {
  const own = index.fileList.flatMap(({ findings }) => findings);
  const ruled = runRules(
    { index, now, records: new Map(), backendRoles: backendRoles(), policies: outside },
    {},
  );
  return [...own, ...ruled];
}

/** `error certificate/validity-too-long a.identity.yaml:8 …` */
export function shown({ rule, severity, file, range, message }: Finding): string {
  return `${severity} ${rule} ${file}:${range.start.line + 1} ${message}`;
}

/** A policy that comes from elsewhere. */
export function outside(text: string, name = 'package @example/pki'): BoundPolicy {
  const index = projectOf({ '/outside/policy.identity.yaml': text });
  const [resource] = index.policies();
  if (resource === undefined) throw new Error('no policy');
  return { resource, origin: { name } };
}
