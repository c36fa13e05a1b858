import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, UsageError } from '../../app/failure.ts';
import { LOCAL_CA_FILE, localCaText } from '../../app/localCa.ts';
import { API_VERSION } from '../../core/identity/identityId.ts';
import { command, NO_OPERANDS } from '../command.ts';
import { json } from '../output/json.ts';
import { BLANK, type Line, line, span } from '../output/text.ts';
import { ROOT, TEXT_OR_JSON } from '../sharedOptions.ts';

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export const init = command({
  name: 'init',
  summary: 'start a project: a backend, an example, what git should ignore',
  details:
    'Writes a Project, an embedded certificate authority and an example certificate as manifests, and tells git to ignore private keys and to leave records as they are. A file that exists is left alone.',
  operands: NO_OPERANDS,
  examples: ['idac init', 'idac init -C new-service --name new-service'],
  options: {
    name: { type: 'value', value: 'NAME', describe: "the project's name (default: the folder's)" },
    ...TEXT_OR_JSON,
    ...ROOT,
  },
  async run({ options, cwd, terminal }) {
    const root = path.resolve(cwd, options.root ?? '.');
    const name = options.name ?? slug(path.basename(root));
    if (!LABEL.test(name)) {
      throw new UsageError(
        `--name cannot be "${name}"`,
        'Lower-case letters, digits and hyphens, at most 63 characters.',
      );
    }
    const written: string[] = [];
    const kept: string[] = [];
    for (const [file, text] of Object.entries(manifests(name))) {
      ((await writeNew(path.join(root, file), text)) ? written : kept).push(file);
    }
    ((await addLines(path.join(root, '.gitignore'), IGNORED)) ? written : kept).push('.gitignore');
    if (options.format === 'json') terminal.data(json({ root, written, kept }));
    else terminal.out(report(written, kept));
    return EXIT.clean;
  },
});

const IGNORED = ['# Private keys that idac delivers', '*.key.pem'];

function manifests(name: string): Readonly<Record<string, string>> {
  return {
    'project.identity.yaml': `# What holds for every identity of this repository.
apiVersion: ${API_VERSION}
kind: Project
metadata:
  name: ${name}
spec:
  defaults:
    owner: { team: ${name}, contact: ${name}@example.com } # whom to call; every manifest may name its own
    keyAlgorithm: ECDSA-P256
    duration: 47d
    renewal: { before: 15d }
`,
    [LOCAL_CA_FILE]: localCaText(name, `{ team: ${name}, contact: ${name}@example.com }`),
    'certificates/web.identity.yaml': `# An example: change the names to those of your service, or delete it.
apiVersion: ${API_VERSION}
kind: Certificate
metadata:
  name: web
  labels: { environment: development }
spec:
  owner: { team: ${name}, contact: ${name}@example.com }
  dnsNames: [web.example.com]
  usages: [serverAuth]
  issuer: local-ca
  deliverTo:
    - { backend: local-ca, path: tls/web.pem, contents: [chain] }
    - { backend: local-ca, path: tls/web.key.pem, contents: [privateKey] } # git ignores *.key.pem
`,
    '.identity/.gitattributes': `# Records are compared byte by byte: git must not change their line ends.
* -text
`,
  };
}

function report(written: readonly string[], kept: readonly string[]): readonly Line[] {
  return [
    ...written.map((file) => line(span('  wrote  ', 'good'), file)),
    ...kept.map((file) => line(span('  kept   ', 'quiet'), file, span('  it was there', 'quiet'))),
    BLANK,
    line(span('Next', 'strong')),
    ...[
      ['idac check', 'read what the manifests say'],
      ['idac login local-ca', 'choose the passphrase that seals private keys'],
      ['idac issue Certificate/default/web', 'make the first certificate'],
    ].map(([commandLine = '', what = '']) =>
      line('  ', span(commandLine.padEnd(36), 'accent'), span(what, 'quiet')),
    ),
  ];
}

/** False: it exists, and stays what it is. */
async function writeNew(file: string, text: string): Promise<boolean> {
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await writeFile(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Adds lines to a file unless they are there. */
async function addLines(file: string, lines: readonly string[]): Promise<boolean> {
  const before = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const present = new Set(before.split(/\r?\n/).map((each) => each.trim()));
  if (lines.every((each) => each.startsWith('#') || present.has(each))) return false;
  const gap = before === '' ? '' : before.endsWith('\n') ? '\n' : '\n\n';
  await appendFile(file, `${gap}${lines.join('\n')}\n`);
  return true;
}

function slug(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 63)
      .replace(/-+$/, '') || 'project'
  );
}
