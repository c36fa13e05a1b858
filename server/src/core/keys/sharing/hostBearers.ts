/** Hosts that have one key: by the lines of known_hosts, by host certificates, by the files of sshd. */
import { type BearerDraft, drafted, isFull, take } from './bearer.ts';
import type { KeyPlace } from './keyPlace.ts';

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]*)$/i;
const HOST_FILE = /(?:^|\/)ssh_host_\w*key/i;

export function hostBearers(places: readonly KeyPlace[], drafts: BearerDraft[]): void {
  const hosts = places.filter(
    ({ form, role }) => role === 'host' && (form === 'ssh-key' || form === 'ssh-certificate'),
  );
  // Lines with names first: what has an address alone may be one of these.
  const named = hosts
    .map((place) => ({ place, marks: marksOf(place) }))
    .filter(({ marks }) => marks.length > 0);
  const hasName = ({ marks }: { readonly marks: readonly string[] }) =>
    marks.some((mark) => !ADDRESS.test(mark));
  const anyName = named.some(hasName);
  for (const each of [...named.filter(hasName), ...named.filter((one) => !hasName(one))]) {
    if (isFull(drafts)) return;
    const known = ofHosts(drafts).find((draft) => each.marks.some((mark) => isMarked(draft, mark)));
    if (known === undefined && anyName && !hasName(each)) continue;
    note(drafts, known, each.place, each.marks, `the SSH host ${each.marks[0]}`);
  }
  const folders = new Map<string, KeyPlace>();
  for (const place of hosts) if (HOST_FILE.test(place.file)) folders.set(folderOf(place.file), place);
  let isFirst = true;
  for (const [folder, place] of folders) {
    if (isFull(drafts)) return;
    const parts = [...folder.split('/'), place.comment?.split('@').at(-1) ?? ''].map((each) =>
      each.toLowerCase(),
    );
    const known =
      ofHosts(drafts).find((draft) => parts.some((part) => part !== '' && isMarked(draft, part))) ??
      (isFirst ? ofHosts(drafts)[0] : undefined);
    isFirst = false;
    note(drafts, known, place, [], `the SSH host of ${folder === '' ? place.file : folder}`);
  }
}

function note(
  drafts: BearerDraft[],
  same: BearerDraft | undefined,
  place: KeyPlace,
  marks: readonly string[],
  name: string,
): void {
  const open = same ?? drafts.find(({ purpose, isOpen }) => isOpen && purpose === 'ssh-login');
  if (open !== undefined) take(open, place, withShort(marks));
  else drafts.push(drafted('ssh-host', name, withShort(marks), place));
}

/** Identities of SSH may be those of hosts. */
function ofHosts(drafts: readonly BearerDraft[]): readonly BearerDraft[] {
  return drafts.filter(
    ({ purpose, claim }) => purpose === 'ssh-host' || (claim !== undefined && purpose === 'ssh-login'),
  );
}

function marksOf({ hosts = [], names = [], form }: KeyPlace): readonly string[] {
  const all = form === 'ssh-certificate' ? names : hosts;
  return all
    .map((host) => host.replace(/^\[(.*)\](?::\d+)?$/, '$1').toLowerCase())
    .filter((host) => host !== '' && !/[|*?!]/.test(host));
}

/** `web1` and `web1.example.com` are one; `web1.example.com` and `web1.example.org` are not. */
function isMarked({ marks }: BearerDraft, mark: string): boolean {
  if (marks.has(mark)) return true;
  const short = shortName(mark);
  return short === undefined ? marks.has(`${SHORT}${mark}`) : marks.has(short);
}

/** Before the first part of a longer name that is known. */
const SHORT = '~';

function shortName(host: string): string | undefined {
  return ADDRESS.test(host) || !host.includes('.') ? undefined : host.slice(0, host.indexOf('.'));
}

/** With their first parts, so that a look-up finds both. */
function withShort(hosts: readonly string[]): readonly string[] {
  return hosts.flatMap((host) => {
    const short = shortName(host);
    return short === undefined ? [host] : [host, `${SHORT}${short}`];
  });
}

function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
}
