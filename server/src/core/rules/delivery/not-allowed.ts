import type { Verdict } from '../../policy/judged.ts';
import { limitVerdicts } from '../../policy/limits.ts';
import type { DeliveryNotAllowedRule } from '../../schema/generated/specs.ts';
import { oneOf } from '../../text/quote.ts';
import { deliveriesOf } from '../identityParts.ts';
import { policyRule } from '../rule.ts';

export const rule = policyRule<DeliveryNotAllowedRule>({
  meta: {
    id: 'delivery/not-allowed',
    severity: 'error',
    title: 'A credential is delivered where, or how, a policy does not allow',
    why: 'A key is as safe as the worst place that has a copy of it.',
    remedy: 'Deliver it as the policy allows.',
  },
  *judge(judged, limits): Generator<Verdict> {
    const { resource, index } = judged;
    const { backends, paths, as, formats, privateKey, widestMode, encryptedTransport } = limits;
    for (const { path, backend, as: form, to, contents, mode, packing } of deliveriesOf(resource)) {
      const at = (field: string) => [...path, field];
      const named = { text: backend, path: at('backend') };
      if (backends !== undefined)
        yield* limitVerdicts(judged, [named], backends, { what: 'backend', parent: at('backend') });
      if (privateKey !== undefined && contents.includes('privateKey'))
        yield* limitVerdicts(judged, [named], privateKey, {
          what: 'place of a private key',
          parent: at('backend'),
        });
      if (paths !== undefined)
        yield* limitVerdicts(judged, [{ text: to, path: at('path') }], paths, {
          what: 'path',
          parent: at('path'),
          separator: '/',
        });
      if (as !== undefined && form !== undefined && !as.includes(form))
        yield { path: at('as'), message: `a delivery as ${form} is not allowed; ${oneOf(as)} is` };
      const { format = 'pem' } = packing;
      if (formats !== undefined && resource.kind === 'Certificate' && !formats.includes(format))
        yield { path: at('format'), message: `the format ${format} is not allowed; ${oneOf(formats)} is` };
      if (widestMode !== undefined && mode !== undefined && isWider(mode, widestMode))
        yield { path: at('mode'), message: `the mode lets more in than ${widestMode}; write that` };
      const address = index.backend(backend)?.spec['address'];
      if (encryptedTransport === true && typeof address === 'string' && !address.startsWith('https:'))
        yield { path: at('backend'), message: 'it travels unencrypted to this backend; reach it by https' };
    }
  },
});

function isWider(mode: string, widest: string): boolean {
  return (Number.parseInt(mode, 8) & ~Number.parseInt(widest, 8)) !== 0;
}
