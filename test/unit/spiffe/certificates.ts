import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A certificate of OpenSSL's making, and the name of its files. */
export interface Made {
  readonly name: string;
  readonly der: Uint8Array;
}

export interface Workshop {
  /** `extensions`: lines as `openssl x509 -extfile` reads them. Without `issuer` it signs itself. */
  make(
    name: string,
    extensions: readonly string[],
    options?: {
      readonly issuer?: Made;
      readonly subject?: string;
      readonly digest?: string;
      readonly key?: Made;
      readonly days?: number;
    },
  ): Made;
  /** OpenSSL's own judgement of a path. */
  verifies(leaf: Made, between: readonly Made[], root: Made): boolean;
  cleanup(): void;
}

/** Makes certificates that our own builders would not make. */
export function openWorkshop(): Workshop {
  const folder = mkdtempSync(path.join(tmpdir(), 'idac-svid-'));
  const file = (name: string): string => path.join(folder, name);
  const openssl = (...args: readonly string[]): number => {
    const { status, stderr } = spawnSync('openssl', args, {
      encoding: 'utf8',
      env: { ...process.env, OPENSSL_CONF: '/dev/null' },
    });
    if (status !== 0 && args[0] !== 'verify') throw new Error(stderr);
    return status ?? 1;
  };
  let serial = 1;
  const keyOf = new Map<string, string>();
  return {
    make(name, extensions, { issuer, subject = `/CN=${name}`, digest = 'sha256', key, days = 30 } = {}) {
      keyOf.set(name, key?.name ?? name);
      const keyFile = file(`${key?.name ?? name}.key`);
      if (key === undefined)
        openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', keyFile);
      writeFileSync(file('empty.cnf'), '[req]\ndistinguished_name = dn\n[dn]\n');
      openssl(
        'req',
        '-new',
        '-key',
        keyFile,
        '-subj',
        subject,
        '-config',
        file('empty.cnf'),
        '-out',
        file('csr'),
      );
      writeFileSync(file('ext'), `${extensions.join('\n')}\n`);
      const signer =
        issuer === undefined
          ? ['-signkey', keyFile]
          : ['-CA', file(`${issuer.name}.pem`), '-CAkey', file(`${keyOf.get(issuer.name)}.key`)];
      const common = [
        '-days',
        String(days),
        `-${digest}`,
        '-set_serial',
        String(serial++),
        '-extfile',
        file('ext'),
      ];
      openssl('x509', '-req', '-in', file('csr'), ...signer, ...common, '-out', file(`${name}.pem`));
      openssl('x509', '-in', file(`${name}.pem`), '-outform', 'DER', '-out', file(`${name}.der`));
      return { name, der: new Uint8Array(readFileSync(file(`${name}.der`))) };
    },
    verifies(leaf, between, root) {
      const untrusted = between.map(({ name }) => readFileSync(file(`${name}.pem`), 'utf8')).join('');
      writeFileSync(file('untrusted'), untrusted);
      const chain = between.length === 0 ? [] : ['-untrusted', file('untrusted')];
      const anchors = ['-x509_strict', '-CAfile', file(`${root.name}.pem`), '-no-CApath'];
      return openssl('verify', ...anchors, ...chain, file(`${leaf.name}.pem`)) === 0;
    },
    cleanup: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export const CA = [
  'basicConstraints = critical, CA:true',
  'keyUsage = critical, keyCertSign, cRLSign',
  'subjectKeyIdentifier = hash',
];
export const LEAF = ['keyUsage = critical, digitalSignature', 'subjectKeyIdentifier = hash'];
