/** Tokens that machines show to services. */
import { draft, family, mark } from '../draft.ts';
import { edKey, rsaKey } from '../material/keys.ts';
import * as tokens from '../material/tokens.ts';
import type { Random } from '../random.ts';
import { domain, host, NPM_REGISTRY, person, service } from '../words.ts';

const claims = (r: Random): object => ({
  iss: `https://login.${domain(r)}`,
  sub: service(r),
  aud: 'api',
  iat: 1_700_000_000 + r.below(50_000_000),
  exp: 4_000_000_000 + r.below(50_000_000),
  jti: r.uuid(),
});

export const SERVICE_TOKENS = family('service-token', {
  'github-in-environment': (r) =>
    draft(`ci/${service(r)}/github.env`, `GH_ORG=${service(r)}\nGITHUB_TOKEN=${mark(tokens.github(r))}\n`),
  'github-in-url': (r) =>
    draft(
      `scripts/clone-${service(r)}.sh`,
      `#!/bin/sh\ngit clone https://x-access-token:${mark(tokens.github(r))}@github.com/acme/${service(r)}.git\n`,
    ),
  'github-fine-grained': (r) =>
    draft(
      `tools/${service(r)}/release.mjs`,
      `import { Octokit } from '@octokit/rest';\n\nconst octokit = new Octokit({ auth: '${mark(tokens.githubFineGrained(r))}' });\nawait octokit.repos.createRelease({ owner: 'acme', repo: '${service(r)}', tag_name: 'v1' });\n`,
    ),
  'gitlab-in-yaml': (r) =>
    draft(
      `runner/${service(r)}.yml`,
      `gitlab:\n  url: https://gitlab.${domain(r)}\n  token: ${mark(tokens.gitlab(r))}\n  concurrent: 4\n`,
    ),
  'gitlab-runner-toml': (r) =>
    draft(
      `runner/${service(r)}/config.toml`,
      `concurrent = 2\n\n[[runners]]\n  name = "${service(r)}"\n  url = "https://gitlab.${domain(r)}"\n  token = "${mark(tokens.gitlab(r))}"\n  executor = "docker"\n`,
    ),
  npmrc: (r) =>
    draft(
      r.pick(['.npmrc', 'web/.npmrc']),
      `save-exact=true\nregistry=https://${NPM_REGISTRY}/\n//${NPM_REGISTRY}/:_authToken=${mark(tokens.npm(r))}\n`,
    ),
  'npm-in-workflow': (r) =>
    draft(
      `.github/workflows/npm-${service(r)}.yml`,
      `name: npm\non: [workflow_dispatch]\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n    - run: npm publish\n      env:\n        NODE_AUTH_TOKEN: ${mark(tokens.npm(r))}\n`,
    ),
  pypirc: (r) =>
    draft(
      '.pypirc',
      `[distutils]\nindex-servers = pypi\n\n[pypi]\nusername = __token__\npassword = ${mark(tokens.pypi(r))}\n`,
    ),
  'slack-bot': (r) =>
    draft(
      `alerts/${service(r)}.py`,
      `from slack_sdk import WebClient\n\nclient = WebClient(token="${mark(tokens.slackBot(r))}")\nclient.chat_postMessage(channel="#ops", text="done")\n`,
    ),
  'slack-webhook': (r) =>
    draft(
      `monitoring/${service(r)}/alertmanager.yml`,
      `receivers:\n- name: ops\n  slack_configs:\n  - api_url: ${mark(tokens.slackHook(r))}\n    channel: "#alerts"\n`,
    ),
  stripe: (r) =>
    draft(
      `app/${service(r)}/payments.rb`,
      `require "stripe"\n\nStripe.api_key = "${mark(tokens.stripe(r))}"\nStripe.max_network_retries = 2\n`,
    ),
  sendgrid: (r) =>
    draft(
      `config/${service(r)}/mail.yml`,
      `mail:\n  from: ${person(r)}@${domain(r)}\n  sendgrid: ${mark(tokens.sendgrid(r))}\n`,
    ),
  'docker-config': (r) =>
    draft(
      r.pick(['.docker/config.json', 'ci/docker-config.json']),
      `{\n  "auths": {\n    "registry.${domain(r)}": {\n      "auth": "${mark(Buffer.from(`ci:${r.text(24)}`).toString('base64'))}"\n    }\n  }\n}\n`,
    ),
  'docker-pat': (r) =>
    draft(
      `scripts/push-${service(r)}.sh`,
      `#!/bin/sh\necho ${mark(tokens.dockerPat(r))} | docker login --username acme --password-stdin\ndocker push acme/${service(r)}\n`,
    ),
  'jwt-hs256': (r) =>
    draft(
      `tests-e2e/${service(r)}/client.http`,
      `GET https://${host(r)}/api/orders\nAuthorization: Bearer ${mark(tokens.hs256Jwt(claims(r), r.text(32)))}\n`,
    ),
  'jwt-rs256': (r) =>
    draft(
      `jobs/${service(r)}.json`,
      `{\n  "endpoint": "https://${host(r)}/ingest",\n  "bearer": "${mark(tokens.rs256Jwt(claims(r), rsaKey(r), r.hex(16)))}"\n}\n`,
    ),
  'jwt-hmac-secret': (r) =>
    draft(
      `config/${service(r)}/jwt.yml`,
      `jwt:\n  issuer: ${service(r)}\n  algorithm: HS512\n  secret: ${mark(r.base64(64))}\n`,
    ),
  grafana: (r) =>
    draft(
      `scripts/annotate-${service(r)}.sh`,
      `#!/bin/sh\ncurl -H "Authorization: Bearer ${mark(tokens.grafana(r))}" https://${host(r)}/api/annotations\n`,
    ),
  telegram: (r) =>
    draft(
      `bots/${service(r)}.toml`,
      `[telegram]\nchat = -100${r.text(9, '123456789')}\ntoken = "${mark(tokens.telegram(r))}"\n`,
    ),
  'crates-io': (r) => draft('.cargo/credentials.toml', `[registry]\ntoken = "${mark(tokens.cratesIo(r))}"\n`),
  rubygems: (r) => draft('.gem/credentials', `---\n:rubygems_api_key: ${mark(tokens.rubygems(r))}\n`),
  openai: (r) =>
    draft(
      `services/${service(r)}/config.py`,
      `MODEL = "gpt-4o"\nOPENAI_API_KEY = "${mark(tokens.openai(r))}"\nTIMEOUT = 30\n`,
    ),
  databricks: (r) =>
    draft(
      r.pick(['.databrickscfg', 'etl/databricks.cfg']),
      `[DEFAULT]\nhost = https://adb-${r.text(16, '123456789')}.7.azuredatabricks.net\ntoken = ${mark(tokens.databricks(r))}\n`,
    ),
  'bearer-in-yaml': (r) =>
    draft(
      `probes/${service(r)}.yml`,
      `checks:\n- url: https://${host(r)}/healthz\n  headers:\n    Authorization: Bearer ${mark(r.base64url(36))}\n  every: 60s\n`,
    ),
  'webhook-signing-secret': (r) =>
    draft(
      `hooks/${service(r)}/settings.json`,
      `{\n  "url": "https://${host(r)}/hook",\n  "webhookSecret": "${mark(r.hex(40))}",\n  "events": ["push"]\n}\n`,
    ),
  'oidc-client-secret': (r) =>
    draft(
      `sso/${service(r)}.yaml`,
      `oidc:\n  issuer: https://login.${domain(r)}\n  client_id: ${service(r)}\n  client_secret: ${mark(r.text(32))}\n  scopes: [openid, email]\n`,
    ),
  'django-secret-key': (r) =>
    draft(
      `${service(r)}/settings.py`,
      `DEBUG = False\nALLOWED_HOSTS = ["${host(r)}"]\nSECRET_KEY = "${mark(r.text(50, 'abcdefghijklmnopqrstuvwxyz0123456789@#%^&*(-_=+)'))}"\n`,
    ),
  'rails-master-key': (r) => draft('config/master.key', mark(r.hex(32))),
  'api-key-in-go': (r) =>
    draft(
      `internal/${service(r)}/client.go`,
      `package ${service(r)}\n\nconst (\n\tbaseURL = "https://${host(r)}"\n\tapiKey  = "${mark(r.text(40))}"\n)\n`,
    ),
  'api-key-in-java': (r) =>
    draft(
      `src/main/java/net/${service(r)}/Client.java`,
      `final class Client {\n    private static final String API_KEY = "${mark(r.text(32))}";\n    private static final String HOST = "${host(r)}";\n}\n`,
    ),
  'ed25519-seed-in-yaml': (r) =>
    draft(
      `nats/${service(r)}.creds.yaml`,
      `issuer: ${service(r)}\nsigning:\n  algorithm: EdDSA\n  private_key: ${mark(edKey(r).seed.toString('base64'))}\n`,
    ),
});
