import type { Login, LoginField, LoginMethod } from '../contract.ts';
import { BackendError } from '../errors.ts';
import type { AuthMethod } from './configuration.ts';

const secret = (name: string, title: string, description: string): LoginField => ({
  name,
  title,
  description,
  secret: true,
});

const JWT = secret(
  'jwt',
  'JSON Web Token',
  'The signed token that says who you are: of a pipeline, of a service account.',
);

/** What each way to log in wants, by the value of `spec.auth.method`. */
export const LOGIN_METHODS: Readonly<Record<AuthMethod, LoginMethod>> = {
  token: {
    title: 'Token',
    fields: [
      secret(
        'token',
        'Token',
        'A token of its own for this purpose, with an end and few policies; never the root token.',
      ),
      {
        ...secret(
          'wrapping_token',
          'Wrapping token',
          'In place of the token: the token that it was wrapped in (`token create -wrap-ttl=…`). It is opened once, and not kept.',
        ),
        insteadOf: 'token',
      },
    ],
  },
  approle: {
    title: 'AppRole',
    fields: [
      {
        name: 'role_id',
        title: 'Role id',
        description: 'Which AppRole it is: `read auth/approle/role/NAME/role-id` tells it.',
        secret: false,
      },
      secret(
        'secret_id',
        'Secret id',
        'Its secret half: `write -f auth/approle/role/NAME/secret-id` makes one.',
      ),
      {
        ...secret(
          'wrapped_secret_id',
          'Wrapped secret id',
          'In place of the secret id: the token that it was wrapped in (`write -wrap-ttl=… -f auth/approle/role/NAME/secret-id`). It is opened once, and not kept.',
        ),
        insteadOf: 'secret_id',
      },
    ],
  },
  cert: {
    title: 'TLS certificate',
    fields: [
      {
        name: 'certificate',
        title: 'Client certificate',
        description: 'PEM: the certificate, and what stands between it and the CA that the server knows.',
        secret: false,
      },
      secret('private_key', 'Private key', 'PEM: the private key of that certificate, without a password.'),
    ],
  },
  jwt: { title: 'JWT', fields: [JWT] },
  kubernetes: { title: 'Kubernetes', fields: [JWT] },
};

/** A value that a login must have. */
export function loginValue(backend: string, login: Login, field: string): string {
  const value = login.values[field]?.reveal().trim() ?? '';
  if (value !== '') return value;
  throw new BackendError({
    kind: 'unauthenticated',
    what: `the login for ${backend} has no ${field}`,
    hint: `give it again: idac login ${backend}`,
  });
}

/** What a method sends to its login path. */
export function loginRequest(
  backend: string,
  login: Login,
  method: Exclude<AuthMethod, 'token'>,
  role: string | undefined,
): Readonly<Record<string, string>> {
  switch (method) {
    case 'approle':
      return {
        role_id: loginValue(backend, login, 'role_id'),
        secret_id: loginValue(backend, login, 'secret_id'),
      };
    case 'cert':
      return role === undefined ? {} : { name: role };
    case 'jwt':
    case 'kubernetes':
      return { ...(role === undefined ? {} : { role }), jwt: loginValue(backend, login, 'jwt') };
    default:
      return method satisfies never;
  }
}
