import { backendType } from '../../server/src/backends/local/backend.ts';
import type { LocalConfig } from '../../server/src/backends/local/configuration.ts';
import { SIGNAL } from './contract/requests.ts';
import { contractSuite } from './contractSuite.ts';
import { makeDisk } from './localContext.ts';

const promised = { roles: backendType.roles, targets: ['file', 'secret'] };

const CONFIGURATIONS: Readonly<Record<string, LocalConfig>> = {
  'local, nothing configured': {},
  'local, everything configured': {
    store: 'lab',
    authority: {
      commonName: 'Example Lab',
      organization: 'Example Ltd',
      keyAlgorithm: 'Ed25519',
      maximumDuration: '90d',
      defaultDuration: '47d',
      crl: { path: 'pki/issuing.crl', url: 'http://pki.example.com/issuing.crl', lifetime: '1d' },
      ocsp: { url: 'http://ocsp.example.com', lifetime: '1h' },
      issuerCertificate: { path: 'pki/issuing.cer', url: 'http://pki.example.com/issuing.cer' },
      publish: { roots: 'pki/roots.pem', chain: 'pki/chain.pem' },
    },
    ssh: {
      keyAlgorithm: 'ECDSA-P256',
      maximumDuration: '30d',
      defaultDuration: '16h',
      krl: { path: 'ssh/revoked_keys.krl' },
      publish: {
        userAuthorities: 'ssh/user_ca.pub',
        hostAuthorities: 'ssh/known_hosts',
        hostPatterns: ['*.example.com'],
      },
    },
    tokens: {
      issuer: 'https://tokens.example.com',
      keyAlgorithm: 'Ed25519',
      maximumDuration: '30d',
      defaultDuration: '7d',
      publish: { jwks: 'tokens/jwks.json', revoked: 'tokens/revoked.json' },
    },
    workloads: { trustDomain: 'example.com', publish: { bundle: 'spiffe/bundle.json' } },
  },
};

for (const [name, config] of Object.entries(CONFIGURATIONS)) {
  contractSuite(name, promised, async () => {
    const disk = await makeDisk();
    const backend = await backendType.open(config, await disk.context(), SIGNAL);
    return { backend, cleanup: disk.cleanup };
  });
}
