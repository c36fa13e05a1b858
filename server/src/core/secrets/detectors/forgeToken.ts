import { hasBase62Checksum } from '../base62Checksum.ts';
import { tokensOf } from '../tokenRule.ts';

export const detector = tokensOf(
  {
    id: 'secret/forge-token',
    severity: 'error',
    title: 'A token for a forge, a registry or a service stands in a file',
    why: 'Whoever has it can publish, deploy or pay as its owner does.',
    remedy: 'Revoke it where it was issued, then let the job take a token of its own from a secret store.',
  },
  [
    {
      prefix: 'glpat-',
      form: /glpat-[A-Za-z0-9_-]{20,}(?:\.[0-9a-z]{2}\.[0-9a-z]+)?/y,
      what: 'a GitLab personal access token',
    },
    { prefix: 'gldt-', form: /gldt-[A-Za-z0-9_-]{20,}/y, what: 'a GitLab deploy token' },
    { prefix: 'glrt-', form: /glrt-[A-Za-z0-9_-]{20,}/y, what: 'a GitLab runner token' },
    { prefix: 'glptt-', form: /glptt-[0-9a-f]{40}/y, what: 'a GitLab pipeline trigger token' },
    {
      prefix: 'npm_',
      form: /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9_])/y,
      what: 'an npm access token',
      holds: hasBase62Checksum,
    },
    {
      prefix: 'pypi-AgE',
      form: /pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)[A-Za-z0-9_-]{50,}/y,
      what: 'a PyPI upload token',
    },
    { prefix: 'dckr_pat_', form: /dckr_pat_[A-Za-z0-9_-]{27,}/y, what: 'a Docker Hub access token' },
    { prefix: 'xoxb-', form: /xoxb-[0-9]{8,}-[0-9A-Za-z-]{16,}/y, what: 'a Slack bot token' },
    { prefix: 'xoxp-', form: /xoxp-[0-9]{8,}-[0-9A-Za-z-]{16,}/y, what: 'a Slack user token' },
    { prefix: 'xapp-', form: /xapp-[0-9]-[A-Z0-9]{8,}-[0-9]{8,}-[0-9a-f]{32,}/y, what: 'a Slack app token' },
    { prefix: 'sk_live_', form: /sk_live_[A-Za-z0-9]{24,}/y, what: 'a Stripe secret key' },
    { prefix: 'rk_live_', form: /rk_live_[A-Za-z0-9]{24,}/y, what: 'a Stripe restricted key' },
    { prefix: 'whsec_', form: /whsec_[A-Za-z0-9+/=]{32,}/y, what: 'a secret of a Stripe webhook' },
    { prefix: 'AIza', form: /AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/y, what: 'a Google API key' },
    { prefix: 'GOCSPX-', form: /GOCSPX-[A-Za-z0-9_-]{28}/y, what: 'a Google OAuth client secret' },
    {
      prefix: 'tskey-',
      form: /tskey-(?:auth|api|client)-[A-Za-z0-9]+-[A-Za-z0-9]{20,}/y,
      what: 'a Tailscale key',
    },
    { prefix: 'dop_v1_', form: /dop_v1_[0-9a-f]{64}/y, what: 'a DigitalOcean token' },
  ],
);
