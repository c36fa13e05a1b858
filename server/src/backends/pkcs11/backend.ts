import type { Backend, BackendType } from '../contract.ts';
import { asBackendError, looking } from '../guard.ts';
import { certificateTarget } from './certificateTarget.ts';
import configSchema from './config.schema.json' with { type: 'json' };
import { addressOf, type Pkcs11Config, tokenSettings } from './configuration.ts';
import { honoursDisabling } from './disabling.ts';
import { tokenHealth } from './health.ts';
import { tokenKeyStore } from './keyStore.ts';
import { loginFacts, tokenPermits } from './permits.ts';
import { openToken, type Token } from './token.ts';

const LIMITS: readonly string[] = [
  'Keys are made in the token and used there; this tool has no way to take one out, to import one or to make a copy.',
  'A key that is destroyed is gone: back the token up by its own means if it must be recoverable.',
  'Of what is delivered it takes an X.509 certificate, alone, as an object beside its key; chains and roots go elsewhere.',
  'It signs, and does not decrypt, wrap or derive; keys are made for signing alone where the token can tell these apart.',
  'When a key was made stands in the state folder of whoever made it; elsewhere it counts from when it was seen first.',
];
const CANNOT_DISABLE =
  'The token lets no key be disabled (it would go on signing): destroy the key to end it.';

/** Keys behind a PKCS#11 module, which runs in a process of its own. */
export const backendType: BackendType<Pkcs11Config> = {
  type: 'pkcs11',
  title: configSchema.title,
  roles: ['KeyStore', 'Target'],
  configSchema,
  address: addressOf,
  loginMethods: {
    pin: {
      title: 'User PIN of the token',
      fields: [
        {
          name: 'pin',
          title: 'PIN',
          description: 'User PIN of the token, not that of its security officer. A wrong one is tried once.',
          secret: true,
        },
      ],
    },
  },
  loginMethod: () => 'pin',
  async open(config, context, signal): Promise<Backend> {
    let token: Token | undefined;
    try {
      signal.throwIfAborted();
      const settings = await tokenSettings(config, context.modules);
      const opened = openToken(settings, context);
      token = opened;
      const { facts, canDisable } = await opened.use(
        'open the token',
        async (connection) => ({
          facts: connection.opened,
          canDisable: await honoursDisabling(connection, context, signal),
        }),
        signal,
      );
      return {
        name: context.name,
        type: 'pkcs11',
        limits: canDisable ? LIMITS : [...LIMITS, CANNOT_DISABLE],
        health: looking('check the backend', (signal) => tokenHealth(opened, settings, context, signal)),
        login: looking('look at the login', (signal) => loginFacts(opened, signal)),
        permits: looking('look at the token', tokenPermits(opened, facts, canDisable)),
        close: () => opened.close(),
        keys: tokenKeyStore(opened, facts, canDisable, context),
        targets: { certificate: certificateTarget(opened, context) },
        defaultTarget: 'certificate',
      };
    } catch (error) {
      await token?.close();
      throw asBackendError('open the backend', error, false);
    }
  },
};
