import { backendType } from '../../server/src/backends/pkcs11/backend.ts';
import { contractSuite } from './contractSuite.ts';
import { makeToken, needsTokens, openToken, type TestToken } from './pkcs11Tokens.ts';

for (const kind of ['softhsm', 'tpm'] as const) {
  describe(`tokens of ${kind}`, function () {
    this.timeout(120_000);
    let token: TestToken;
    before(async function () {
      needsTokens(this, kind);
      token = await makeToken(kind);
    });
    after(() => token?.remove());

    contractSuite(
      `pkcs11 on ${kind}`,
      { roles: backendType.roles, targets: ['certificate'], certificateOnly: ['certificate'] },
      () => openToken(token),
    );
  });
}
