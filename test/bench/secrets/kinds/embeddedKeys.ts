/** Private keys inside other texts: escaped, indented, in base64, in source code. */
import { draft, family, indent, mark } from '../draft.ts';
import { anyKey, ecKey, edKey, p256Key, pkcs8, rsaKey } from '../material/keys.ts';
import { anyPem, pkcs8Pem, sec1Pem } from '../material/pem.ts';
import { openSshKey } from '../material/ssh.ts';
import type { Random } from '../random.ts';
import { domain, host, service } from '../words.ts';

const somePem = (r: Random): string => anyPem(anyKey(r), r);
const escaped = (text: string): string => text.replaceAll('\n', '\\n');
const inBase64 = (text: string): string => Buffer.from(text).toString('base64');

export const EMBEDDED_KEYS = family('embedded-key', {
  'json-escaped': (r) =>
    draft(
      `config/${service(r)}.json`,
      `{\n  "issuer": "https://login.${domain(r)}",\n  "algorithm": "RS256",\n  "signingKey": "${mark(escaped(pkcs8Pem(rsaKey(r))))}",\n  "ttlSeconds": 3600\n}\n`,
    ),
  'env-escaped': (r) =>
    draft(
      r.pick(['.env', '.env.production', 'deploy/prod.env']),
      `APP_NAME=${service(r)}\nLOG_LEVEL=info\nJWT_SIGNING_KEY="${mark(escaped(somePem(r)))}"\nPORT=8080\n`,
    ),
  'env-over-lines': (r) =>
    draft(
      `deploy/${service(r)}.env`,
      `NODE_ENV=production\nTLS_KEY="${mark(somePem(r).trimEnd())}"\nPORT=8443\n`,
    ),
  'env-base64': (r) =>
    draft(
      `docker/${service(r)}.env`,
      `APP_ID=${r.between(100_000, 999_999)}\nAPP_PRIVATE_KEY_BASE64=${mark(inBase64(somePem(r)))}\n`,
    ),
  'yaml-block': (r) =>
    draft(
      `config/${service(r)}.yaml`,
      `server:\n  host: ${host(r)}\n  tls:\n    enabled: true\n    key: |\n      ${mark(indent(somePem(r), 6))}\n  timeout: 30s\n`,
    ),
  'yaml-base64': (r) =>
    draft(
      `values/${service(r)}.yaml`,
      `ingress:\n  host: ${host(r)}\n  tlsKey: ${mark(inBase64(somePem(r)))}\n  className: nginx\n`,
    ),
  'yaml-quoted': (r) =>
    draft(
      `settings/${service(r)}.yml`,
      `oauth:\n  clientId: ${service(r)}\n  privateKey: "${mark(escaped(somePem(r)))}"\n`,
    ),
  'json-base64-der': (r) =>
    draft(
      `appsettings.${service(r)}.json`,
      `{\n  "TokenSigning": {\n    "KeyId": "${r.hex(12)}",\n    "PrivateKey": "${mark(pkcs8(anyKey(r)).toString('base64'))}"\n  }\n}\n`,
    ),
  'properties-base64-der': (r) =>
    draft(
      `src/main/resources/${service(r)}.properties`,
      `sso.entity-id=${host(r)}\nsso.private-key=${mark(pkcs8(rsaKey(r)).toString('base64'))}\nsso.enabled=true\n`,
    ),
  'hcl-heredoc': (r) =>
    draft(
      `terraform/${service(r)}.tf`,
      `resource "aws_iam_server_certificate" "${service(r)}" {\n  name        = "${service(r)}"\n  private_key = <<-EOT\n${mark(somePem(r))}EOT\n}\n`,
    ),
  'hcl-base64': (r) =>
    draft(
      `terraform/env/${service(r)}.auto.tfvars`,
      `domain = "${domain(r)}"\ntls_private_key_b64 = "${mark(inBase64(somePem(r)))}"\n`,
    ),
  javascript: (r) =>
    draft(
      `src/${service(r)}/signer.js`,
      `const { createSign } = require('crypto');\n\nconst KEY = \`${mark(somePem(r).trimEnd())}\`;\n\nexports.sign = (data) => createSign('SHA256').update(data).sign(KEY, 'base64');\n`,
    ),
  'javascript-joined': (r) => {
    const rows = somePem(r).trimEnd().split('\n');
    const text = rows.map((row) => `  '${row}'`).join(',\n');
    return draft(`lib/${service(r)}.ts`, `export const key = [\n${mark(text)},\n].join('\\n');\n`);
  },
  python: (r) =>
    draft(
      `app/${service(r)}/auth.py`,
      `import jwt\n\nPRIVATE_KEY = """${mark(somePem(r))}"""\n\n\ndef token(claims):\n    return jwt.encode(claims, PRIVATE_KEY, algorithm="RS256")\n`,
    ),
  go: (r) =>
    draft(
      `internal/${service(r)}/keys.go`,
      `package ${service(r)}\n\nconst signingKey = \`${mark(somePem(r))}\`\n\nfunc Key() []byte { return []byte(signingKey) }\n`,
    ),
  'java-concatenated': (r) => {
    const rows = pkcs8Pem(rsaKey(r)).trimEnd().split('\n');
    const text = rows.map((row) => `"${row}\\n"`).join('\n        + ');
    return draft(
      `src/main/java/eu/acme/${service(r)}/Keys.java`,
      `final class Keys {\n    static final String PRIVATE =\n        ${mark(text)};\n}\n`,
    );
  },
  'c-string': (r) => {
    const rows = sec1Pem(ecKey(r)).trimEnd().split('\n');
    const text = rows.map((row) => `    "${row}\\n"`).join('\n');
    return draft(
      `firmware/src/${service(r)}_key.c`,
      `#include "tls.h"\n\nconst char device_key[] =\n${mark(text)};\n`,
    );
  },
  'c-byte-array': (r) => {
    const bytes = [...pkcs8(p256Key(r))].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`);
    const rows = (bytes.join(', ').match(/(?:0x.., ){1,12}|0x..$/g) ?? []).map(
      (row) => `    ${row.trimEnd()}`,
    );
    return draft(
      `firmware/include/${service(r)}_key.h`,
      `#pragma once\n/* PKCS#8, written by xxd -i */\nstatic const unsigned char private_key_der[] = {\n${mark(rows.join('\n'))}\n};\n`,
    );
  },
  rust: (r) =>
    draft(
      `crates/${service(r)}/src/key.rs`,
      `/// Signs what leaves the gateway.\npub const SIGNING_KEY: &str = r#"${mark(somePem(r).trimEnd())}"#;\n`,
    ),
  'csharp-verbatim': (r) =>
    draft(
      `src/${service(r)}/Signing.cs`,
      `internal static class Signing\n{\n    internal const string Pem = @"${mark(somePem(r).trimEnd())}";\n}\n`,
    ),
  'php-single-line': (r) =>
    draft(
      `config/${service(r)}.php`,
      `<?php\n\nreturn [\n    'saml' => [\n        'entityId' => 'https://${host(r)}/saml',\n        'privateKey' => '${mark(pkcs8(rsaKey(r)).toString('base64'))}',\n    ],\n];\n`,
    ),
  'ruby-heredoc': (r) =>
    draft(
      `config/initializers/${service(r)}.rb`,
      `SIGNING_KEY = OpenSSL::PKey.read(<<~PEM)\n  ${mark(indent(somePem(r), 2))}\nPEM\n`,
    ),
  'shell-heredoc': (r) =>
    draft(
      `scripts/bootstrap-${service(r)}.sh`,
      `#!/bin/sh\nset -eu\ninstall -d -m 700 /root/.ssh\ncat > /root/.ssh/id_deploy <<'EOF'\n${mark(openSshKey(edKey(r), 'deploy', r))}EOF\nchmod 600 /root/.ssh/id_deploy\n`,
    ),
  'powershell-here-string': (r) =>
    draft(
      `scripts/Install-${service(r)}.ps1`,
      `$key = @'\n${mark(somePem(r).trimEnd())}\n'@\nSet-Content -Path C:\\tls\\server.key -Value $key\n`,
    ),
  'xml-element': (r) =>
    draft(
      `idp/${service(r)}-credentials.xml`,
      `<?xml version="1.0"?>\n<credential id="sp-signing">\n  <privateKey>${mark(pkcs8(rsaKey(r)).toString('base64'))}</privateKey>\n  <entityId>https://${host(r)}</entityId>\n</credential>\n`,
    ),
  'toml-multi-line': (r) =>
    draft(
      `config/${service(r)}.toml`,
      `[tls]\ncert_file = "/etc/ssl/${service(r)}.pem"\nkey = """\n${mark(somePem(r))}"""\n`,
    ),
  'openvpn-inline': (r) =>
    draft(
      `vpn/${service(r)}.ovpn`,
      `client\ndev tun\nremote ${host(r)} 1194 udp\n<key>\n${mark(somePem(r))}</key>\nverb 3\n`,
    ),
  'notebook-output': (r) =>
    draft(
      `notebooks/${service(r)}.ipynb`,
      `{\n "cells": [\n  {\n   "cell_type": "code",\n   "source": [\n    "key = '''${mark(escaped(somePem(r)))}'''\\n"\n   ]\n  }\n ],\n "nbformat": 4\n}\n`,
    ),
  'diff-in-a-patch-file': (r) => {
    const rows = somePem(r).trimEnd().split('\n');
    return draft(
      `patches/add-${service(r)}-tls.patch`,
      `diff --git a/tls.key b/tls.key\nnew file mode 100644\n--- /dev/null\n+++ b/tls.key\n@@ -0,0 +1,${rows.length} @@\n${mark(rows.map((row) => `+${row}`).join('\n'))}\n`,
    );
  },
});
