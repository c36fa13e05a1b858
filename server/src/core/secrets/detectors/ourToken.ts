import { isOpaqueToken } from '../../credential/opaqueToken.ts';
import { tokensOf } from '../tokenRule.ts';

export const detector = tokensOf(
  {
    id: 'secret/machine-token',
    severity: 'error',
    title: 'A token that was issued by this project stands in a file',
    why: 'Whoever shows it is taken for the machine that it was issued to, until it ends or is revoked.',
    remedy:
      'Rotate the token that is declared under this name, or revoke it if it is declared no more. Let it be delivered into a secret store.',
  },
  [
    {
      prefix: 'idac_',
      form: /idac_[0-9A-Za-z]{49}(?![0-9A-Za-z_])/y,
      what: 'a token of a machine',
      holds: isOpaqueToken,
    },
  ],
);
