/** Other secret scanners, at versions that are written here, installed beside the system's temporary files. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Call, Scanner } from './scanners.ts';
import type { Finding } from './score.ts';

const FOLDER = path.join(tmpdir(), 'idac-bench-peers');

interface Peer extends Omit<Scanner, 'title' | 'prepare'> {
  readonly version: string;
  /** Commands that put it into `folder`. */
  readonly install: readonly {
    readonly argv: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  }[];
}

/** One folder a version: another version is another install. */
const home = (name: string, version: string): string => path.join(FOLDER, `${name}-${version}`);

function python(packageName: string, version: string): Peer['install'] {
  const folder = home(packageName, version);
  return [
    { argv: ['python3', '-m', 'venv', folder] },
    { argv: [path.join(folder, 'bin/pip'), 'install', '--quiet', `${packageName}==${version}`] },
  ];
}

export const GITLEAKS = '8.30.1';
const KINGFISHER = '2.14.0';
export const RIPSECRETS = '0.1.11';
const SECRETLINT = '12.0.0';
const DETECT_SECRETS = '1.5.0';
const SECRETLINT_RULES = '@secretlint/secretlint-rule-preset-recommend';

function gitleaksCall(what: 'dir' | 'git', tree: string): Call {
  const report = ['--report-format', 'json', '--report-path', '-', '--redact'];
  return {
    argv: [
      path.join(home('gitleaks', GITLEAKS), 'gitleaks'),
      ...[what, '.', ...report, '--no-banner', '--exit-code', '0'],
    ],
    cwd: tree,
  };
}

const gitleaks: Peer = {
  name: 'gitleaks',
  version: GITLEAKS,
  install: [
    {
      argv: ['go', 'install', `github.com/zricethezav/gitleaks/v8@v${GITLEAKS}`],
      env: { GOBIN: home('gitleaks', GITLEAKS) },
    },
  ],
  codes: [0],
  call: (tree) => gitleaksCall('dir', tree),
  history: (tree) => gitleaksCall('git', tree),
  /** Line 0: the file as a whole, for its name. */
  parse: (out) =>
    (JSON.parse(out) as { File: string; StartLine: number; EndLine: number }[]).map((each) => ({
      file: each.File,
      startLine: Math.max(1, each.StartLine),
      endLine: Math.max(1, each.EndLine),
    })),
};

function kingfisherCall(history: 'none' | 'full', tree: string): Call {
  return {
    argv: [
      path.join(home('kingfisher-bin', KINGFISHER), 'bin/kingfisher'),
      ...['scan', '.', '--format', 'json', '--no-validate', '--no-dedup', '--redact'],
      ...['--git-history', history, '--no-update-check'],
    ],
    cwd: tree,
  };
}

const kingfisher: Peer = {
  name: 'kingfisher',
  version: KINGFISHER,
  install: python('kingfisher-bin', KINGFISHER),
  // 200 and 205: it found something.
  codes: [0, 200, 205],
  call: (tree) => kingfisherCall('none', tree),
  history: (tree) => kingfisherCall('full', tree),
  /** One document a line: the findings, then a summary. */
  parse(out) {
    const [first = ''] = out.split('\n');
    const { findings } = JSON.parse(first) as { findings: { finding: { path: string; line: number } }[] };
    return findings.map(({ finding }) => ({ file: finding.path, startLine: finding.line }));
  },
};

const ripsecrets: Peer = {
  name: 'ripsecrets',
  version: RIPSECRETS,
  install: [
    {
      argv: [
        ...['cargo', 'install', 'ripsecrets', '--quiet', '--locked'],
        ...['--version', RIPSECRETS, '--root', home('ripsecrets', RIPSECRETS)],
      ],
    },
  ],
  codes: [0, 1],
  call: (tree) => ({ argv: [path.join(home('ripsecrets', RIPSECRETS), 'bin/ripsecrets'), '.'], cwd: tree }),
  /** `path:line:text`; of a secret over several lines only the first has the path. */
  parse: (out) =>
    out.split('\n').flatMap((row): Finding[] => {
      const [, file, line] = /^(.+?):(\d+):/.exec(row) ?? [];
      return file === undefined ? [] : [{ file, startLine: Number(line) }];
    }),
};

const secretlint: Peer = {
  name: 'secretlint',
  version: SECRETLINT,
  slow: true,
  install: [
    {
      argv: [
        ...['npm', 'install', '--no-audit', '--no-fund', '--silent', '--ignore-scripts'],
        ...['--prefix', home('secretlint', SECRETLINT)],
        ...[`secretlint@${SECRETLINT}`, `${SECRETLINT_RULES}@${SECRETLINT}`],
      ],
    },
  ],
  codes: [0, 1],
  call: (tree) => ({
    argv: [
      ...[
        process.execPath,
        path.join(home('secretlint', SECRETLINT), 'node_modules/secretlint/bin/secretlint.js'),
      ],
      ...['--secretlintrc', path.join(home('secretlint', SECRETLINT), '.secretlintrc.json')],
      ...['--format', 'json', '--maskSecrets', '**/*'],
    ],
    cwd: tree,
  }),
  parse(out) {
    type Place = { line: number };
    const files = JSON.parse(out) as {
      filePath: string;
      messages: { loc: { start: Place; end: Place } }[];
    }[];
    return files.flatMap(({ filePath, messages }) =>
      messages.map(({ loc }) => ({ file: filePath, startLine: loc.start.line, endLine: loc.end.line })),
    );
  },
};

const detectSecrets: Peer = {
  name: 'detect-secrets',
  version: DETECT_SECRETS,
  slow: true,
  install: python('detect-secrets', DETECT_SECRETS),
  codes: [0],
  call: (tree) => ({
    argv: [
      path.join(home('detect-secrets', DETECT_SECRETS), 'bin/detect-secrets'),
      ...['scan', '--all-files', '--no-verify', '.'],
    ],
    cwd: tree,
  }),
  parse: (out) =>
    Object.values((JSON.parse(out) as { results: Record<string, DetectSecretsFinding[]> }).results)
      .flat()
      .map((each) => ({ file: each.filename, startLine: each.line_number })),
};

interface DetectSecretsFinding {
  readonly filename: string;
  readonly line_number: number;
}

export const PEERS: readonly Scanner[] = [gitleaks, kingfisher, ripsecrets, secretlint, detectSecrets].map(
  (peer) => ({ ...peer, title: `${peer.name} ${peer.version}`, prepare: () => install(peer) }),
);

/** Installs a peer that is not there yet. What went wrong is the answer, in one line; nothing if it is there. */
function install(peer: Peer): string | undefined {
  mkdirSync(FOLDER, { recursive: true });
  const done = path.join(FOLDER, `${peer.name}-${peer.version}.installed`);
  if (!existsSync(done)) {
    for (const { argv, env } of peer.install) {
      const [program = '', ...rest] = argv;
      const ran = spawnSync(program, rest, {
        cwd: FOLDER,
        encoding: 'utf8',
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      if (ran.error !== undefined) return `${program} cannot be started: ${ran.error.message}`;
      if (ran.status !== 0)
        return `${argv.join(' ')} ended with ${ran.status}: ${ran.stderr.trim().split('\n').at(-1)}`;
    }
    if (peer === secretlint) {
      const rules = { rules: [{ id: SECRETLINT_RULES }] };
      const config = path.join(home('secretlint', SECRETLINT), '.secretlintrc.json');
      writeFileSync(config, JSON.stringify(rules));
    }
    writeFileSync(done, '');
  }
  return undefined;
}

/** Takes all of them away again. */
export function uninstall(): void {
  rmSync(FOLDER, { recursive: true, force: true });
}
