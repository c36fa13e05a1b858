import type { ProjectIndex, Reference } from '../identity/projectIndex.ts';
import { kindsThatName } from '../schema/references.ts';
import { SHARED_KINDS } from './perResource.ts';

const NAMING = kindsThatName((named) => !SHARED_KINDS.has(named));

/** References to what few name: parents, included bundles, identities of a playbook. */
export function otherReferences(index: ProjectIndex): readonly Reference[] {
  return NAMING.flatMap((kind) =>
    index
      .ofKind(kind)
      .flatMap((resource) =>
        resource.namedKinds.every((named) => SHARED_KINDS.has(named))
          ? []
          : index.referencesFrom(resource).filter((reference) => !SHARED_KINDS.has(reference.kind)),
      ),
  );
}

/** References to what many name, of the resources that the index has: those are told apart by resource. */
export function sharedReferences(index: ProjectIndex): readonly Reference[] {
  return index.resources.flatMap((resource) =>
    index.referencesFrom(resource).filter(({ kind }) => SHARED_KINDS.has(kind)),
  );
}
