import type { RuleContext } from '../context.ts';
import { deliveriesOf } from '../identityParts.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'delivery/key-without-certificate',
    severity: 'error',
    perResource: true,
    title: 'A key store would hold a private key without its certificate',
    why: 'Programs look for a key by the certificate that stands with it. A Java key store cannot hold one alone, and a PKCS#12 file that does is read as empty.',
    remedy: 'Add `chain` to the contents of that delivery.',
    standard: 'RFC 7292, 4.2',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      if (!identity.usable) continue;
      for (const { path: place, contents, packing } of deliveriesOf(identity)) {
        if (packing.format === undefined || packing.format === 'pem') continue;
        const key = contents.indexOf('privateKey');
        if (key < 0 || contents.includes('chain') || contents.includes('certificate')) continue;
        const path = [...place, 'contents', key];
        const range = identity.locate(path);
        const edits = [
          { file: identity.file, range: { start: range.start, end: range.start }, newText: 'chain, ' },
        ];
        // A list in lines of its own is left to the person.
        const isFlow = identity.source([...place, 'contents'])?.startsWith('[') === true;
        const isJson = identity.source(path)?.startsWith('"') === true;
        yield report(
          identity,
          path,
          `a ${packing.format} key store holds no private key without its certificate; add chain`,
          isFlow && !isJson ? { fixes: [{ title: 'Add chain', preferred: true, edits }] } : {},
        );
      }
    }
  },
};
