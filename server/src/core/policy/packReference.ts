/** How policies are named that do not come from the project. Every way but a path says exactly what is meant, for ever. */
export type PackReference =
  /** One that ships with the program: `pack:cabf-tls`. */
  | { readonly is: 'shipped'; readonly name: string }
  /** A repository at a commit: `git+https://git.example.com/pki.git#<commit>:policies`. */
  | {
      readonly is: 'git';
      readonly repository: string;
      readonly protocol: 'https' | 'file';
      readonly commit: string;
      /** Folder or file in it; empty: all of it. */
      readonly path: string;
    }
  /** A package as npm packs it, at a digest: `pki-policies-1.2.0.tgz#sha256=<digest>`. */
  | { readonly is: 'package'; readonly file: string; readonly sha256: string }
  /** A file or a folder, as it is now. */
  | { readonly is: 'path'; readonly path: string };

export type GitReference = Extract<PackReference, { readonly is: 'git' }>;

export type ReadReference =
  | { readonly reference: PackReference }
  | { readonly problem: string; readonly hint: string };

const SHIPPED = 'pack:';
const GIT = 'git+';
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const SHA256 = /^[0-9a-f]{64}$/;
const PACKAGE = /\.(?:tgz|tar\.gz)$/i;
const NAME = /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/;

export function readPackReference(text: string): ReadReference {
  const wrong = (problem: string, hint: string): ReadReference => ({ problem, hint });
  if (text.trim() === '' || text.includes('\0'))
    return wrong('a policy has no name', 'name a file or a pack');
  if (text.startsWith(SHIPPED)) {
    const name = text.slice(SHIPPED.length);
    return NAME.test(name)
      ? { reference: { is: 'shipped', name } }
      : wrong(`"${text}" names no pack`, 'write it as pack:cabf-tls');
  }
  const hash = text.lastIndexOf('#');
  if (text.startsWith(GIT)) return gitReference(text, hash);
  const file = hash === -1 ? text : text.slice(0, hash);
  if (!PACKAGE.test(file)) return { reference: { is: 'path', path: text } };
  const digest = /^sha256[=:](.*)$/i.exec(hash === -1 ? '' : text.slice(hash + 1))?.[1]?.toLowerCase();
  return digest !== undefined && SHA256.test(digest)
    ? { reference: { is: 'package', file, sha256: digest } }
    : wrong(
        `the package ${file} is named without its digest, so it could be another one tomorrow`,
        'write FILE.tgz#sha256=DIGEST, with the 64 digits that sha256sum prints',
      );
}

function gitReference(text: string, hash: number): ReadReference {
  const example = 'write it as git+https://git.example.com/pki.git#COMMIT:FOLDER, with the whole commit id';
  if (hash === -1) return { problem: `${shown(text)} names no commit`, hint: example };
  const url = text.slice(GIT.length, hash);
  const [commit = '', ...rest] = text.slice(hash + 1).split(':');
  const path = rest.join(':').replace(/^\/+|\/+$/g, '');
  if (!COMMIT.test(commit))
    return {
      problem: `${shown(text)} names no commit by its whole id: a branch or a tag could be another one tomorrow`,
      hint: example,
    };
  if (path.split('/').includes('..'))
    return { problem: `"${path}" leads out of the repository`, hint: example };
  if (/^https:\/\//.test(url)) {
    // Whoever reads a settings file or a log would read it, too.
    if (/^https:\/\/[^/]*@/.test(url))
      return {
        problem: 'the address of a repository holds a login',
        hint: 'leave it out; clone a private repository and name the clone',
      };
    return { reference: { is: 'git', repository: url, protocol: 'https', commit, path } };
  }
  const local = /^(?:file:\/\/)?(\/.+|[A-Za-z]:[\\/].+)$/.exec(url)?.[1];
  return local === undefined
    ? { problem: `${shown(text)} is neither an https address nor an absolute path`, hint: example }
    : { reference: { is: 'git', repository: local, protocol: 'file', commit, path } };
}

/** Without what may be a login in an address. */
function shown(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//');
}

/** The same thing by one text. */
export function formatReference(reference: PackReference): string {
  switch (reference.is) {
    case 'shipped':
      return `${SHIPPED}${reference.name}`;
    case 'git': {
      const { repository, commit, path } = reference;
      return `${GIT}${repository}#${commit}${path === '' ? '' : `:${path}`}`;
    }
    case 'package':
      return `${reference.file}#sha256=${reference.sha256}`;
    case 'path':
      return reference.path;
    default:
      return reference satisfies never;
  }
}
