import { CERT_MANAGER_CERTIFICATE, CERT_MANAGER_VERSION, qualifiedKind } from '../identity/certManager.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import { isObject, type ManifestPath } from '../manifest/path.ts';
import { type Outline, written } from './outline.ts';

interface Typed {
  readonly index: ProjectIndex;
  readonly outline: Outline;
  readonly kind: string | undefined;
}

const ISSUER_KINDS = ['ClusterIssuer', 'Issuer'];

/** Teams, contacts and namespaces are words that a project uses again and again. */
export function wordsInUse(typed: Typed, path: ManifestPath): readonly string[] {
  const { index, outline: seen } = typed;
  const [first, second, third] = path;
  if (typed.kind === CERT_MANAGER_CERTIFICATE && second === 'issuerRef') return issuerWords(typed, third);
  if (first === 'metadata' && second === 'namespace' && path.length === 2)
    return unique(index.resources.map(({ namespace }) => namespace));
  if (first !== 'spec' || second !== 'owner' || path.length !== 3) return [];
  const owners = index.resources.flatMap(({ spec: { owner } }) => (isObject(owner) ? [owner] : []));
  const team = written(seen, ['spec', 'owner'], 'team');
  if (third === 'team') return unique(owners.map((owner) => owner['team']));
  // The contact of a team that is named already is most likely the same again.
  return unique(
    owners.filter((owner) => team === undefined || owner['team'] === team).map((owner) => owner['contact']),
  );
}

/** The issuers that the project declares; what is in the cluster alone is not known. */
function issuerWords({ index, outline: seen }: Typed, field: string | number | undefined): readonly string[] {
  if (field === 'kind') return ISSUER_KINDS;
  if (field !== 'name') return [];
  const kind = written(seen, ['spec', 'issuerRef'], 'kind');
  const kinds = (kind === undefined ? ISSUER_KINDS : [kind]).map((each) =>
    qualifiedKind(CERT_MANAGER_VERSION, each),
  );
  return unique(index.resources.filter((each) => kinds.includes(each.kind)).map(({ name }) => name));
}

function unique(words: readonly unknown[]): readonly string[] {
  const texts = words.filter((word): word is string => typeof word === 'string' && word !== '');
  return [...new Set(texts)].sort();
}
