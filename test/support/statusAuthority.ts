/** An authority of OpenSSL's own whose certificates name places on loopback, a server of files for those, and OpenSSL's responder. */
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as listenRaw } from 'node:net';
import path from 'node:path';
import type { Readable } from 'node:stream';

/** What a certificate names; a template for `openssl x509 -extfile`. */
export interface Pointers {
  readonly ocsp?: string;
  readonly list?: string;
  readonly issuers?: string;
  /** More lines of the section. */
  readonly more?: string;
}

export interface StatusAuthority {
  readonly folder: string;
  /** `http://127.0.0.1:PORT`, of files. */
  readonly files: string;
  /** Of OpenSSL's responder. */
  readonly responder: string;
  /** What the server of files was asked for. */
  readonly asked: string[];
  /** Sent for a path instead of a file. */
  readonly answers: Map<string, { readonly status: number; readonly headers?: Record<string, string> }>;
  openssl(...args: readonly string[]): string;
  issue(name: string, pointers: Pointers): void;
  revoke(name: string, reason: string): void;
  /** A list as the database stands, into a file below the folder of the server. */
  list(file: string, ...args: readonly string[]): void;
  startResponder(...args: readonly string[]): Promise<void>;
  stopResponder(): Promise<void>;
  close(): Promise<void>;
}

export async function statusAuthority(folder: string): Promise<StatusAuthority> {
  const inFolder = (...parts: readonly string[]): string => path.join(folder, ...parts);
  const openssl = (...args: readonly string[]): string =>
    execFileSync('openssl', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 30_000,
    });
  mkdirSync(inFolder('db/new'), { recursive: true });
  mkdirSync(inFolder('served'), { recursive: true });
  const asked: string[] = [];
  const answers: StatusAuthority['answers'] = new Map();
  const server = fileServer(inFolder('served'), asked, answers);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const files = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const port = await freePort();
  const responder = `http://127.0.0.1:${port}`;
  writeFileSync(inFolder('db/index'), '');
  writeFileSync(inFolder('db/serial'), '1000\n');
  writeFileSync(inFolder('db/crlnumber'), '01\n');
  writeFileSync(inFolder('ca.cnf'), CONFIG);
  for (const name of ['root', 'sub', 'other', 'lister', 'responder']) key(name);
  for (const name of ['root', 'other'])
    openssl(
      ...'req -x509 -new -days 60'.split(' '),
      '-key',
      `${name}.key`,
      '-subj',
      `/CN=${name}`,
      '-out',
      `${name}.pem`,
    );
  for (const name of ['sub', 'lister'])
    certify(name, ['-CA', 'root.pem', '-CAkey', 'root.key'], authorityLines(files));
  certify('responder', ['-CA', 'sub.pem', '-CAkey', 'sub.key'], RESPONDER);
  // Of the same name as the authority, and by another key.
  openssl('req', '-x509', '-new', '-key', 'other.key', '-subj', '/CN=sub', '-out', 'false.pem');
  openssl('x509', '-in', 'sub.pem', '-outform', 'DER', '-out', 'served/sub.cer');
  openssl('crl2pkcs7', '-nocrl', '-certfile', 'lister.pem', '-outform', 'DER', '-out', 'served/lister.p7c');
  list('root.crl', '-cert', 'root.pem', '-keyfile', 'root.key');
  list('sub.crl');
  let process: ChildProcessByStdio<null, Readable, Readable> | undefined;

  async function stopResponder(): Promise<void> {
    if (process === undefined || process.exitCode !== null) return;
    const ended = once(process, 'exit');
    process.kill('SIGKILL');
    await ended;
    process = undefined;
  }
  function key(name: string): void {
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
  }
  function certify(name: string, by: readonly string[], lines: string): void {
    writeFileSync(inFolder(`${name}.ext`), lines);
    openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
    openssl(
      ...['x509', '-req', '-in', `${name}.csr`, ...by, '-CAcreateserial', '-days', '30'],
      ...['-extfile', `${name}.ext`, '-out', `${name}.pem`],
    );
  }
  function list(file: string, ...args: readonly string[]): void {
    const made = `${file}.pem`;
    openssl('ca', '-config', 'ca.cnf', '-gencrl', ...args, '-out', made);
    openssl('crl', '-in', made, '-outform', 'DER', '-out', `served/${file}`);
  }

  return {
    folder,
    files,
    responder,
    asked,
    answers,
    openssl,
    list,
    issue(name, pointers) {
      key(name);
      openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
      writeFileSync(inFolder(`${name}.ext`), `[leaf]\n${leafLines(name, pointers)}`);
      openssl(
        ...['ca', '-batch', '-config', 'ca.cnf', '-extfile', `${name}.ext`, '-extensions', 'leaf'],
        ...['-notext', '-in', `${name}.csr`, '-out', `${name}.pem`],
      );
    },
    revoke: (name, reason) =>
      void openssl('ca', '-config', 'ca.cnf', '-revoke', `${name}.pem`, '-crl_reason', reason),
    async startResponder(...args) {
      process = spawn(
        'openssl',
        [
          ...['ocsp', '-index', 'db/index', '-CA', 'sub.pem', '-port', String(port)],
          ...['-rsigner', 'responder.pem', '-rkey', 'responder.key', ...args],
        ],
        { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      // It loops for ever where somebody connects and says nothing: its own word is waited for.
      await Promise.race([once(process.stdout, 'data'), once(process.stderr, 'data')]);
    },
    stopResponder,
    async close() {
      await stopResponder();
      server.closeAllConnections();
      server.close();
    },
  };
}

const CONFIG = `[ca]
default_ca = own
[own]
database = db/index
new_certs_dir = db/new
serial = db/serial
crlnumber = db/crlnumber
certificate = sub.pem
private_key = sub.key
default_md = sha256
default_days = 30
default_crl_days = 7
policy = any
copy_extensions = none
[any]
commonName = supplied
[delta]
2.5.29.27 = critical,DER:020101
[indirect]
issuingDistributionPoint = critical,@indirect_point
authorityInfoAccess = caIssuers;URI:LISTER
[indirect_point]
indirectCRL = TRUE
`;

const authorityLines = (files: string): string => `basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = URI:${files}/root.crl
`;

const RESPONDER = `basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`;

function leafLines(name: string, { ocsp, list, issuers, more = '' }: Pointers): string {
  const access = [
    ...(ocsp === undefined ? [] : [`OCSP;URI:${ocsp}`]),
    ...(issuers === undefined ? [] : [`caIssuers;URI:${issuers}`]),
  ];
  return `basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:${name}.example.test
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
${access.length === 0 ? '' : `authorityInfoAccess = ${access.join(',')}\n`}${list === undefined ? '' : `crlDistributionPoints = URI:${list}\n`}${more}`;
}

function fileServer(folder: string, asked: string[], answers: StatusAuthority['answers']): Server {
  return createServer((request, response) => {
    const name = request.url ?? '/';
    asked.push(`${request.method} ${name}`);
    const answer = answers.get(name);
    const file = path.join(folder, path.basename(name));
    if (answer !== undefined) response.writeHead(answer.status, answer.headers).end();
    else if (existsSync(file) && name !== '/') response.end(readFileSync(file));
    else response.writeHead(404).end();
  });
}

async function freePort(): Promise<number> {
  const server = listenRaw().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
