/** Secrets in what other programs wrote: dumps, logs, recordings, files of Windows. */
import { draft, family, mark } from '../draft.ts';
import { anyKey, rsaKey } from '../material/keys.ts';
import { anyPem, pkcs8Pem } from '../material/pem.ts';
import { github, hs256Jwt, vaultService } from '../material/tokens.ts';
import { domain, host, ip, password, person, service } from '../words.ts';

export const EXPORTS = family('export-or-log', {
  'har-recording': (r) =>
    draft(
      `debug/${service(r)}.har`,
      `{\n  "log": {\n    "entries": [\n      {\n        "request": {\n          "method": "GET",\n          "url": "https://${host(r)}/api/me",\n          "headers": [\n            { "name": "Accept", "value": "application/json" },\n            { "name": "Authorization", "value": "Bearer ${mark(hs256Jwt({ sub: person(r), jti: r.uuid() }, r.text(30)))}" }\n          ]\n        }\n      }\n    ]\n  }\n}\n`,
    ),
  'postman-collection': (r) =>
    draft(
      `api/${service(r)}.postman_collection.json`,
      `{\n  "info": { "name": "${service(r)}" },\n  "auth": {\n    "type": "basic",\n    "basic": [\n      { "key": "username", "value": "admin" },\n      { "key": "password", "value": "${mark(password(r))}", "type": "string" }\n    ]\n  }\n}\n`,
    ),
  'postman-environment': (r) =>
    draft(
      `api/${service(r)}.postman_environment.json`,
      `{\n  "name": "prod",\n  "values": [\n    { "key": "host", "value": "${host(r)}" },\n    { "key": "vault_token", "value": "${mark(vaultService(r))}", "enabled": true }\n  ]\n}\n`,
    ),
  'sql-dump-with-a-key': (r) =>
    draft(
      `backup/${service(r)}.sql`,
      `CREATE TABLE signing_keys (id int, pem text);\nINSERT INTO signing_keys VALUES (${r.between(1, 99)}, '${mark(pkcs8Pem(rsaKey(r)).replaceAll('\n', '\\n'))}');\n`,
    ),
  'sql-role': (r) =>
    draft(
      `db/init/${service(r)}.sql`,
      `CREATE DATABASE app;\nCREATE ROLE app LOGIN PASSWORD '${mark(password(r))}';\nGRANT ALL ON DATABASE app TO app;\n`,
    ),
  'mysql-grant': (r) =>
    draft(
      `db/init/grant-${service(r)}.sql`,
      `CREATE USER 'app'@'${ip(r)}' IDENTIFIED BY '${mark(password(r))}';\nGRANT SELECT ON app.* TO 'app'@'${ip(r)}';\n`,
    ),
  'shell-history': (r) =>
    draft(
      r.pick(['home/.bash_history', 'image/root/.bash_history']),
      `cd /srv\nls -la\nmysql -h ${host(r)} -u root ${'-p'}${mark(password(r))}\nsystemctl status nginx\n`,
    ),
  'ci-log': (r) =>
    draft(
      `logs/${service(r)}-build.log`,
      `[12:01:04] + git fetch origin\n[12:01:05] + env\n[12:01:05] GITHUB_TOKEN=${mark(github(r))}\n[12:01:05] HOME=/root\n[12:01:06] done\n`,
    ),
  'json-log-with-a-key': (r) =>
    draft(
      `logs/${service(r)}.jsonl`,
      `{"level":"info","msg":"started","host":"${host(r)}"}\n{"level":"debug","msg":"issued","response":{"certificate":"...","private_key":"${mark(anyPem(rsaKey(r), r).replaceAll('\n', '\\n'))}"}}\n`,
    ),
  'unattend-xml': (r) =>
    draft(
      `windows/${service(r)}/unattend.xml`,
      `<unattend xmlns="urn:schemas-microsoft-com:unattend">\n  <AutoLogon>\n    <Username>Administrator</Username>\n    <Password>\n      <Value>${mark(password(r))}</Value>\n      <PlainText>true</PlainText>\n    </Password>\n  </AutoLogon>\n</unattend>\n`,
    ),
  'group-policy-password': (r) =>
    draft(
      `windows/${domain(r)}/Groups.xml`,
      `<?xml version="1.0" encoding="utf-8"?>\n<Groups>\n  <User name="svc_backup">\n    <Properties action="U" cpassword="${mark(r.base64(32).replace(/=+$/, ''))}" userName="svc_backup"/>\n  </User>\n</Groups>\n`,
    ),
  'powershell-utf16': (r) =>
    draft(
      `scripts/Set-${service(r)}.ps1`,
      `$user = 'svc_${service(r)}'\r\n$password = ConvertTo-SecureString '${mark(password(r))}' -AsPlainText -Force\r\n$credential = New-Object PSCredential($user, $password)\r\n`,
      'utf16le',
    ),
  'pem-utf16': (r) =>
    draft(`iis/export/${service(r)}.pem`, mark(anyPem(anyKey(r), r).replaceAll('\n', '\r\n')), 'utf16le'),
  'environment-with-byte-order-mark': (r) =>
    draft(
      `windows/${service(r)}.env`,
      `DB_PASSWORD=${mark(password(r))}\r\nDB_HOST=${host(r)}\r\n`,
      'utf8-bom',
    ),
  'table-in-a-runbook': (r) =>
    draft(
      `docs/runbooks/${service(r)}-access.md`,
      `# ${service(r)}\n\n| what | value |\n| --- | --- |\n| console | https://${host(r)} |\n| user | admin |\n| password | \`${mark(password(r))}\` |\n`,
    ),
  'jupyter-notebook': (r) =>
    draft(
      `notebooks/${service(r)}-load.ipynb`,
      `{\n "cells": [\n  {\n   "cell_type": "code",\n   "source": [\n    "import psycopg2\\n",\n    "conn = psycopg2.connect(host='${host(r)}', user='etl', password='${mark(password(r))}')\\n"\n   ]\n  }\n ]\n}\n`,
    ),
});
