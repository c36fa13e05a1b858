import { hasBase62Checksum } from '../base62Checksum.ts';
import { tokensOf } from '../tokenRule.ts';

const kinds = {
  ghp_: 'a GitHub personal access token',
  gho_: 'a GitHub OAuth token',
  ghu_: 'a GitHub App user token',
  ghs_: 'a GitHub App installation token',
  ghr_: 'a GitHub refresh token',
};

export const detector = tokensOf(
  {
    id: 'secret/github-token',
    severity: 'error',
    title: 'A token for GitHub stands in a file',
    why: 'Whoever has it acts as its owner on every repository that it reaches, and can change what is built from them.',
    remedy: 'Revoke it at GitHub, then give the job a token of its own that ends with it.',
  },
  [
    ...Object.entries(kinds).map(([prefix, what]) => ({
      prefix,
      form: new RegExp(`${prefix}[A-Za-z0-9]{36,76}(?![A-Za-z0-9_])`, 'y'),
      what,
      holds: hasBase62Checksum,
    })),
    {
      prefix: 'github_pat_',
      form: /github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?![A-Za-z0-9_])/y,
      what: 'a GitHub fine-grained personal access token',
    },
  ],
);
