import type { FoundGroup } from '../../core/found/foundItem.ts';
import { CERT_MANAGER_CERTIFICATE, isObserved, isPatch } from '../../core/identity/certManager.ts';
import { expiresText, timeLeft } from '../../core/identity/expiry.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import type { FileStanding } from '../../platform/git/standingOfFiles.ts';
import type { FoundItem } from './foundApi.ts';
import type { Knowledge } from './knownFor.ts';

/** What was found, in the words and the order in which it is shown. */
export function foundItems(
  groups: readonly FoundGroup[],
  knowledge: Knowledge,
  standing: ReadonlyMap<string, FileStanding>,
  now: Date,
): readonly FoundItem[] {
  return groups.map((group) => itemOf(group, knowledge, standing, now)).sort(byUse);
}

function itemOf(
  group: FoundGroup,
  knowledge: Knowledge,
  standing: ReadonlyMap<string, FileStanding>,
  now: Date,
): FoundItem {
  const known = knowledge.of(group) ?? null;
  const files = group.files.map((file) => ({ ...file, git: standing.get(file.file) ?? null }));
  const { adopt, why, locked } = adoption(group, known);
  const warnings = warningsOf(files);
  const { notAfter } = group;
  const words = [
    ...(notAfter === null ? [lonelyText(group)] : [expiresText(notAfter, now)]),
    ...(known === null ? [] : [`known as ${known}`]),
    ...(warnings.length === 0
      ? []
      : [files.some(({ git }) => git === 'tracked') ? 'its key is in git' : 'git does not ignore its key']),
  ];
  return {
    ...group,
    files,
    daysLeft: notAfter === null ? null : timeLeft(notAfter, now).days,
    status: words.join(' · '),
    warnings,
    known,
    adopt,
    why,
    locked,
  };
}

function lonelyText({ kind, files }: FoundGroup): string {
  const encrypted = files.some((file) => file.encrypted);
  switch (kind) {
    case 'private-key':
      return encrypted ? 'private key, encrypted' : 'private key, not encrypted';
    case 'ssh-key':
      if (!files.some(({ holds }) => holds.includes('private key'))) return 'SSH public key';
      return encrypted ? 'SSH key, encrypted' : 'SSH key, not encrypted';
    case 'public-key':
      return 'public key';
    case 'request':
      return 'certificate request';
    case 'key-store':
      return 'key store';
    case 'cert-manager':
      return 'renewed by cert-manager';
    case 'certificate':
    case 'authority':
    case 'ssh-certificate':
      return 'has no end';
    default:
      return kind satisfies never;
  }
}

/** What a person should look at first: a key that whoever clones the repository has. */
function warningsOf(files: FoundItem['files']): readonly string[] {
  return files.flatMap(({ file, holds, git, encrypted }) => {
    if (!holds.includes('private key') || encrypted) return [];
    if (git === 'tracked')
      return [
        `Git tracks ${file}, so everybody who clones the repository has this private key. Rotate it, and let git ignore the new one.`,
      ];
    if (git === 'untracked')
      return [`Git does not ignore ${file}: the next commit could take this private key along.`];
    return [];
  });
}

function adoption(
  { kind, title, files, fingerprintSha256, spkiSha256 }: FoundGroup,
  known: string | null,
): Pick<FoundItem, 'adopt' | 'why' | 'locked'> {
  const no = (why: string) => ({ adopt: null, why, locked: false });
  const yes = (adopt: FoundItem['adopt'], locked = false) => ({ adopt, why: null, locked });
  if (known !== null && kind !== 'cert-manager') return no(`${known} knows it already.`);
  switch (kind) {
    case 'certificate':
      return yes('Certificate');
    case 'ssh-certificate':
      return yes('SshCertificate');
    case 'ssh-key':
      return files.some(({ holds }) => holds.includes('public key'))
        ? yes('SshKey')
        : no(
            `${title} is a private key alone: put its public key beside it (ssh-keygen -y -f ${title}), which is all that is read of it.`,
          );
    case 'authority':
      return no('It is an authority: declare a Backend for it, or a TrustBundle that hands it out.');
    case 'private-key':
      // With its passphrase the certificate that is made for it can be found.
      if (spkiSha256 === null && files.every(({ encrypted }) => encrypted)) return yes('Certificate', true);
      return no('It is a private key without a certificate here: adopt the certificate that is made for it.');
    case 'public-key':
      return no('It is a public key alone.');
    case 'request':
      return no(
        'It is a request: declare a Certificate with key.origin machine that names it in key.csr, and issue that.',
      );
    case 'key-store':
      return yes('Certificate', fingerprintSha256 === null);
    case 'cert-manager':
      return no(
        'cert-manager issues and renews it, and it is in the inventory under its own kind: there is nothing to adopt. Name its owner by the annotation identity-as-code/owner.',
      );
    default:
      return kind satisfies never;
  }
}

function byUse(a: FoundItem, b: FoundItem): number {
  const use = (item: FoundItem) => (item.adopt !== null ? 0 : item.known === null ? 1 : 2);
  const key = (item: FoundItem) => `${item.notAfter ?? '9999'} ${item.title} ${item.id}`;
  return use(a) - use(b) || (key(a) < key(b) ? -1 : 1);
}

/** Certificates that cert-manager keeps: found beside the others, since they are credentials of this folder too. */
export function certManagerGroups({ ofKind }: Pick<ProjectIndex, 'ofKind'>): readonly FoundGroup[] {
  const groups = new Map<string, FoundGroup>();
  for (const resource of ofKind(CERT_MANAGER_CERTIFICATE)) {
    if (!isObserved(resource.id) || isPatch(resource.spec) || groups.has(resource.key)) continue;
    const line = resource.locate(['metadata', 'name'], 'value').start.line;
    groups.set(resource.key, {
      id: `cert-manager:${resource.key}`,
      kind: 'cert-manager',
      title: resource.name,
      subject: null,
      issuer: null,
      serialNumber: null,
      notBefore: null,
      notAfter: null,
      keyAlgorithm: null,
      spkiSha256: null,
      fingerprintSha256: null,
      files: [{ file: resource.file, line, holds: ['manifest'], encrypted: false }],
    });
  }
  return [...groups.values()];
}

export function observedKnowledge(knowledge: Knowledge): Knowledge {
  return {
    ...knowledge,
    of: (group) =>
      group.kind === 'cert-manager' ? group.id.slice('cert-manager:'.length) : knowledge.of(group),
  };
}
