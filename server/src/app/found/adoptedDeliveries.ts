import { type AdoptedDelivery, deliveryText } from '../../core/found/adoptionText.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import { projectPathProblem } from '../../core/text/relativePath.ts';
import type { FoundItem } from './foundApi.ts';
import type { StoredCertificate } from './lockedFiles.ts';

interface Deliveries {
  readonly deliveries: readonly AdoptedDelivery[];
  readonly notes: readonly string[];
}

/** The places where it lies, for the next one to take: where a backend here can write, and git lets a private key be. */
export function deliveriesOf(
  { files, kind, adopt }: FoundItem,
  issuer: string,
  index: ProjectIndex,
  stored: StoredCertificate | null,
  passwordFile: string | undefined,
): Deliveries {
  const local = [index.backend(issuer), ...index.backends()].find(
    (backend) => backend?.usable === true && backend.spec.type === 'local',
  );
  if (local === undefined)
    return {
      deliveries: [],
      notes: ['No backend here writes files: name in deliverTo where the next one is to go.'],
    };
  if (kind === 'key-store') return storeDeliveries(files, local.name, stored, passwordFile);
  const notes: string[] = [];
  const deliveries = files.flatMap(({ file, holds, git, encrypted }): AdoptedDelivery[] => {
    if (projectPathProblem(file) !== undefined || /[{}]/.test(file)) return [];
    const hasKey = holds.includes('private key');
    const isSafe = git !== 'tracked' && git !== 'untracked' && !encrypted;
    if (hasKey && !isSafe)
      notes.push(
        encrypted
          ? `${file} holds an encrypted private key, which is not written from here.`
          : `${file} holds its private key, and git does not ignore it: add it to .gitignore${git === 'tracked' ? ` (and run git rm --cached ${file})` : ''}, then name it in deliverTo.`,
      );
    const first =
      adopt === 'Certificate'
        ? holds.includes('certificate')
          ? ['chain' as const]
          : []
        : holds.includes('public key')
          ? ['publicKey' as const]
          : holds.includes('certificate')
            ? ['certificate' as const]
            : [];
    const contents = [...first, ...(hasKey && isSafe ? ['privateKey' as const] : [])];
    return contents.length === 0 || (hasKey && !isSafe)
      ? []
      : [{ backend: local.name, path: file, contents }];
  });
  return { deliveries, notes };
}

/** Its password stands in a file of the project, or it is not written from here. */
function storeDeliveries(
  files: FoundItem['files'],
  backend: string,
  stored: StoredCertificate | null,
  passwordFile: string | undefined,
): Deliveries {
  const [store] = files;
  if (store === undefined || stored === null) return { deliveries: [], notes: [] };
  const { file, git } = store;
  if (projectPathProblem(file) !== undefined || /[{}]/.test(file)) return { deliveries: [], notes: [] };
  if (git === 'tracked' || git === 'untracked') {
    const untrack = git === 'tracked' ? ` (and run git rm --cached ${file})` : '';
    return {
      deliveries: [],
      notes: [
        `${file} holds its private key, and git does not ignore it: add it to .gitignore${untrack}, then name it in deliverTo.`,
      ],
    };
  }
  const delivery = (password: string): AdoptedDelivery => ({
    backend,
    path: file,
    keystore: { format: stored.format, alias: stored.alias, passwordFile: password },
    contents: ['chain', 'privateKey'],
  });
  if (passwordFile !== undefined) return { deliveries: [delivery(passwordFile)], notes: [] };
  const example = deliveryText(delivery('FILE'));
  return {
    deliveries: [],
    notes: [
      `${file} is not written from here, since its password is in no file of this project. Write the password to a FILE that git ignores (mode 0600), then add to deliverTo: ${example}`,
    ],
  };
}
