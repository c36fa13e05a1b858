import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A certificate of OpenSSL's making, and the name of its files. */
export interface Made {
  readonly name: string;
  readonly der: Uint8Array;
}

interface MakeOptions {
  /** Without one it signs itself. */
  readonly issuer?: Made;
  readonly subject?: string;
  readonly days?: number;
  /** Of whom it takes the key; without one it gets its own. */
  readonly key?: Made;
  /** RSA in place of ECDSA P-256. */
  readonly rsaBits?: number;
  readonly digest?: string;
  readonly pss?: boolean;
}

export interface Workshop {
  /** `extensions`: lines as `openssl x509 -extfile` reads them. */
  make(name: string, extensions: readonly string[], options?: MakeOptions): Made;
  /** OpenSSL's own judgement of a path. */
  verifies(leaf: Made, between: readonly Made[], root: Made): boolean;
  cleanup(): void;
}

/** Makes certificates that our own builders would not make. */
export function openWorkshop(): Workshop {
  const cwd = mkdtempSync(path.join(tmpdir(), 'idac-svid-'));
  const run = (command: string): { readonly ok: boolean; readonly error: string } => {
    const env = { ...process.env, OPENSSL_CONF: '/dev/null' };
    const { status, stderr } = spawnSync('openssl', command.trim().split(/ +/), {
      cwd,
      env,
      encoding: 'utf8',
    });
    return { ok: status === 0, error: `openssl ${command}: ${stderr}` };
  };
  const openssl = (command: string): void => {
    const { ok, error } = run(command);
    if (!ok) throw new Error(error);
  };
  const write = (name: string, text: string): void => writeFileSync(path.join(cwd, name), text);
  write('request.cnf', '[req]\ndistinguished_name = name\n[name]\n');
  const keyOf = new Map<string, string>();
  let serial = 1;
  return {
    make(name, extensions, options = {}) {
      const { issuer, subject = `/CN=${name}`, days = 30, digest = 'sha256', rsaBits, pss = false } = options;
      const key = `${options.key?.name ?? name}.key`;
      keyOf.set(name, key);
      const kind =
        rsaBits === undefined
          ? 'EC -pkeyopt ec_paramgen_curve:P-256'
          : `RSA -pkeyopt rsa_keygen_bits:${rsaBits}`;
      if (options.key === undefined) openssl(`genpkey -algorithm ${kind} -out ${key}`);
      openssl(`req -new -config request.cnf -key ${key} -subj ${subject} -out request.pem`);
      write('extensions', `${extensions.join('\n')}\n`);
      const signer =
        issuer === undefined ? `-signkey ${key}` : `-CA ${issuer.name}.pem -CAkey ${keyOf.get(issuer.name)}`;
      const padding = pss ? '-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest' : '';
      openssl(
        `x509 -req -in request.pem ${signer} -${digest} ${padding} -days ${days} -set_serial ${serial++} -extfile extensions -out ${name}.pem`,
      );
      openssl(`x509 -in ${name}.pem -outform DER -out ${name}.der`);
      return { name, der: new Uint8Array(readFileSync(path.join(cwd, `${name}.der`))) };
    },
    verifies(leaf, between, root) {
      write(
        'between.pem',
        between.map(({ name }) => readFileSync(path.join(cwd, `${name}.pem`), 'utf8')).join(''),
      );
      const untrusted = between.length === 0 ? '' : '-untrusted between.pem';
      return run(`verify -x509_strict -no-CApath -CAfile ${root.name}.pem ${untrusted} ${leaf.name}.pem`).ok;
    },
    cleanup: () => rmSync(cwd, { recursive: true, force: true }),
  };
}

export const CA = [
  'basicConstraints = critical, CA:true',
  'keyUsage = critical, keyCertSign, cRLSign',
  'subjectKeyIdentifier = hash',
];
export const LEAF = ['keyUsage = critical, digitalSignature', 'subjectKeyIdentifier = hash'];
