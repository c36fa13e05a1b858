import { CLASSICAL_KEY_ALGORITHMS, KEY_ALGORITHMS } from '../core/credential/keyAlgorithm.ts';
import type { Offer, OfferingRole, Offers } from '../core/impact/replacement/offers.ts';
import type { BackendResource } from '../core/manifest/resource.ts';
import type { BackendLook } from './looks.ts';

const ROLES: readonly OfferingRole[] = ['CertificateAuthority', 'KeyStore', 'SshAuthority', 'TokenIssuer'];

/** Of the embedded backend, whatever its manifest says. */
const BUILT_IN: Readonly<Record<OfferingRole, readonly string[]>> = {
  CertificateAuthority: KEY_ALGORITHMS,
  KeyStore: KEY_ALGORITHMS,
  SshAuthority: CLASSICAL_KEY_ALGORITHMS,
  TokenIssuer: CLASSICAL_KEY_ALGORITHMS,
};

/** What the declared backends offer, by what they are and by what they said when they were opened last. Nobody is contacted. */
export function offersOf(
  backends: readonly BackendResource[],
  looks: ReadonlyMap<string, BackendLook>,
): Offers {
  const types = new Map(backends.map(({ name, spec }) => [name, spec.type]));
  const all = backends.flatMap(({ name, spec }) =>
    ROLES.flatMap((role): readonly Offer[] => {
      if (spec.type === 'local')
        return [{ backend: name, role, algorithms: BUILT_IN[role], source: 'built-in', at: null }];
      const seen = looks.get(name)?.offers;
      const algorithms = seen?.algorithms[role];
      return seen === undefined || algorithms === undefined
        ? []
        : [{ backend: name, role, algorithms, source: 'seen', at: seen.at }];
    }),
  );
  return {
    all,
    of: (backend, role) => all.find((offer) => offer.backend === backend && offer.role === role),
    typeOf: (backend) => types.get(backend),
  };
}
