import type { RuleContext } from '../context.ts';
import { keyOf, renewalOf } from '../identityParts.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const FILES = {
  csr: 'the file with the request that the machine made',
  publicKey: 'the file with the public key that the machine made',
} as const;

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'key/request-missing',
    severity: 'error',
    perResource: true,
    title: 'A key is made on the machine, but no file with its public half is named',
    why: 'With origin `machine` only a certificate request, or for SSH a public key, reaches this tool. It must know which file that is.',
    remedy:
      'Name the file in `key.csr` (for SSH in `key.publicKey`), with `{machine}` for the machine’s name. Where the machine renews by itself, write `renewal.by: machine`.',
    standard: 'RFC 2986',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      const key = identity.usable ? keyOf(identity) : undefined;
      if (key?.origin !== 'machine' || key.file !== undefined) continue;
      if ((renewalOf(identity, index).renewal?.by ?? 'idac') !== 'idac') continue;
      const message = `origin "machine" needs "${key.fromMachine}": ${FILES[key.fromMachine]}`;
      yield report(identity, ['spec', 'key', 'origin'], message);
    }
  },
};
