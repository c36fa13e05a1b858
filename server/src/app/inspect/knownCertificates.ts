/** Certificates that a project knows of: what its trust bundles name, what its authorities publish, what was recorded. */
import path from 'node:path';
import type { Candidate, Origin } from '../../core/credential/inspect/certificatePaths.ts';
import { namedFiles } from '../../core/editing/filePaths.ts';
import { formatIdentity, type IdentityId } from '../../core/identity/identityId.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import type { Resource } from '../../core/manifest/resource.ts';
import { certificateBundles } from '../../core/trust/bundleContents.ts';
import { publishedRoots } from '../../core/trust/publishedRoots.ts';
import type { Project } from '../api.ts';
import { readCredentialBytes, readCredentialFile } from './reading.ts';

/** More than any project has; each is read from disk. */
const MOST_FILES = 100;
const MOST_RECORDS = 5;
const LARGEST = 2 * 1024 * 1024;

/** `recorded`: identities whose record holds what was issued with its issuers. */
export async function knownCertificates(
  project: Pick<Project, 'root' | 'workspace' | 'events'>,
  recorded: readonly IdentityId[],
  now: Date,
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  const files = new Map(sourcesOf(project.workspace.index()));
  for (const [file, origin] of [...files].slice(0, MOST_FILES)) {
    const reading = await readCredentialFile(path.join(project.root, file), file, { now }, signal, LARGEST);
    if (reading.kind !== 'read') continue;
    for (const certificate of reading.certificates) {
      const anchor = origin.where === 'bundle' && certificate.facts.certificateAuthority === true;
      found.push({ certificate, origin: anchor ? origin : { where: 'project', name: origin.name } });
    }
  }
  for (const identity of recorded.slice(0, MOST_RECORDS)) {
    const events = await project.events(identity, signal);
    for (const event of events) {
      if (event.type !== 'issued' || !event.publicText.includes('-----BEGIN CERTIFICATE')) continue;
      const bytes = new TextEncoder().encode(event.publicText);
      const name = `the record of ${formatIdentity(identity)}`;
      for (const certificate of readCredentialBytes(name, bytes, { now }).certificates)
        found.push({ certificate, origin: { where: 'project', name } });
    }
  }
  return found;
}

type Named = Exclude<Origin, { readonly where: 'file' }>;

/** Project files with the origin of what is in them. A bundle's word comes last, so that it counts. */
function sourcesOf(index: ProjectIndex): readonly (readonly [string, Named])[] {
  const bundles = certificateBundles(index);
  return [
    ...index
      .backends()
      .flatMap((backend) => filesOf(index, backend, { where: 'project', name: `backend ${backend.name}` })),
    ...bundles.flatMap((bundle) => {
      const origin: Named = { where: 'bundle', name: `trust bundle ${bundle.name}` };
      const authorities = (bundle.spec.anchors ?? []).flatMap(({ backend }) => {
        const resource = backend === undefined ? undefined : index.backend(backend);
        const publish = resource?.usable ? publishedRoots(resource.spec) : undefined;
        return publish === undefined ? [] : [[publish, origin] as const];
      });
      return [...authorities, ...filesOf(index, bundle, origin)];
    }),
  ];
}

function filesOf(
  index: ProjectIndex,
  resource: Pick<Resource, 'file' | 'key'>,
  origin: Named,
): readonly (readonly [string, Named])[] {
  const document = index.files
    .get(resource.file)
    ?.documents.find((each) => each.resource?.key === resource.key);
  if (document === undefined) return [];
  return namedFiles(document).flatMap(({ files }) => files.map((file) => [file, origin] as const));
}
