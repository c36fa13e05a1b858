import { limitVerdicts } from '../../policy/limits.ts';
import type { KeyOriginNotAllowedRule } from '../../schema/generated/specs.ts';
import { oneOf } from '../../text/quote.ts';
import { policyRule } from '../rule.ts';

export const rule = policyRule<KeyOriginNotAllowedRule>({
  meta: {
    id: 'key/origin-not-allowed',
    severity: 'error',
    title: 'A private key is made, or kept, where a policy does not allow it',
    why: 'Where a private key was made decides who can have a copy of it: one that was made in a key store or on its machine has never been anywhere else.',
    remedy: 'Let the key be made where the policy allows it (`origin`, `store`).',
    standard: 'CA/Browser Forum Baseline Requirements, 6.1.1; NIST SP 800-57 part 1, 8.1.5',
  },
  *judge(judged, { allow, stores, nonExportable }) {
    const { resource, declaration } = judged;
    const { key, deliveries } = declaration;
    if (key === null) return;
    const parent = resource.kind === 'Key' ? ['spec'] : ['spec', 'key'];
    const path = resource.kind === 'Key' ? [...parent, 'store'] : [...parent, 'origin'];
    const allowed: readonly string[] = allow ?? [];
    if (allow !== undefined && !allowed.includes(key.origin))
      yield { path, message: `its key is made by origin "${key.origin}", and ${oneOf(allowed)} is allowed` };
    if (nonExportable === true && key.origin !== 'store' && key.origin !== 'machine')
      yield {
        path,
        message: `its key must not leave where it is made: origin is store or machine, not ${key.origin}`,
      };
    if (nonExportable === true)
      for (const [place, { contents }] of deliveries.entries())
        if (contents.includes('privateKey'))
          yield {
            path: ['spec', 'deliverTo', place, 'contents'],
            message: 'its private key must not leave where it is made; deliver the rest alone',
          };
    if (stores !== undefined && key.store !== null) {
      const store = [...parent, 'store'];
      yield* limitVerdicts(judged, [{ text: key.store, path: store }], stores, {
        what: 'key store',
        parent: store,
      });
    }
  },
});
