import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'key/request-missing',
    severity: 'error',
    perResource: true,
    title: 'A key is made on the machine, but no request is named',
    why: 'With origin `machine` only a certificate request reaches this tool. It must know which file that is.',
    remedy:
      'Name the file in `key.csr`, with `{machine}` for the machine’s name. Where the machine renews by itself, write `renewal.by: machine`.',
    standard: 'RFC 2986',
  },
  *check({ index }) {
    for (const certificate of index.certificates()) {
      const { key, renewal } = certificate.spec;
      const by = renewal?.by ?? index.project()?.spec.defaults?.renewal?.by ?? 'idac';
      if (!certificate.usable || key?.origin !== 'machine' || key.csr !== undefined || by !== 'idac')
        continue;
      yield report(
        certificate,
        ['spec', 'key', 'origin'],
        'origin "machine" needs "csr": the file with the request that the machine made',
      );
    }
  },
};
