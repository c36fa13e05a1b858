/** Files whose format exists to hold credentials. */
import { createHash } from 'node:crypto';
import { draft, family, mark } from '../draft.ts';
import { domain, host, password, person, service } from '../words.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const CREDENTIAL_FILES = family('credential-file', {
  netrc: (r) =>
    draft(
      r.pick(['.netrc', 'ci/netrc', '_netrc']),
      `machine git.${domain(r)}\n  login ${person(r)}\n  password ${mark(password(r))}\n`,
    ),
  'netrc-on-one-line': (r) =>
    draft(`build/${service(r)}/.netrc`, `machine ${host(r)} login ci password ${mark(password(r))}\n`),
  pgpass: (r) =>
    draft(
      r.pick(['.pgpass', 'db/.pgpass']),
      `# host:port:db:user:password\n${host(r)}:5432:*:app:${mark(password(r))}\n`,
    ),
  'git-credentials': (r) =>
    draft('.git-credentials', `https://${person(r)}:${mark(r.text(28))}@git.${domain(r)}\n`),
  'htpasswd-sha1': (r) =>
    draft(
      r.pick(['.htpasswd', 'nginx/htpasswd']),
      `${mark(`${person(r)}:{SHA}${createHash('sha1').update(password(r)).digest('base64')}`)}\n`,
    ),
  'htpasswd-bcrypt': (r) =>
    draft(
      `proxy/${service(r)}.htpasswd`,
      `${mark(`${person(r)}:$2y$10$${r.text(53, './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')}`)}\n`,
    ),
  'maven-settings': (r) =>
    draft(
      r.pick(['.m2/settings.xml', 'ci/settings.xml']),
      `<settings>\n  <servers>\n    <server>\n      <id>nexus</id>\n      <username>deploy</username>\n      <password>${mark(password(r))}</password>\n    </server>\n  </servers>\n</settings>\n`,
    ),
  'npmrc-basic': (r) =>
    draft(
      `packages/${service(r)}/.npmrc`,
      `registry=https://nexus.${domain(r)}/npm/\n//nexus.${domain(r)}/npm/:_auth=${mark(base64(`ci:${password(r)}`))}\nalways-auth=true\n`,
    ),
  'mysql-cnf': (r) =>
    draft(
      r.pick(['.my.cnf', 'db/client.cnf']),
      `[client]\nuser=root\npassword=${mark(password(r))}\nhost=${host(r)}\n`,
    ),
  'pip-conf': (r) =>
    draft(
      r.pick(['pip.conf', '.pip/pip.conf']),
      `[global]\nindex-url = https://ci:${mark(r.text(20))}@pypi.${domain(r)}/simple\n`,
    ),
  'nuget-config': (r) =>
    draft(
      `src/${service(r)}/NuGet.config`,
      `<configuration>\n  <packageSourceCredentials>\n    <corp>\n      <add key="Username" value="ci" />\n      <add key="ClearTextPassword" value="${mark(password(r))}" />\n    </corp>\n  </packageSourceCredentials>\n</configuration>\n`,
    ),
  'gradle-properties': (r) =>
    draft(
      'gradle.properties',
      `org.gradle.jvmargs=-Xmx2g\nnexusUsername=ci\nnexusPassword=${mark(password(r))}\nsigning.password=${mark(password(r))}\n`,
    ),
  'sbt-credentials': (r) =>
    draft(
      '.sbt/.credentials',
      `realm=Sonatype Nexus Repository Manager\nhost=nexus.${domain(r)}\nuser=ci\npassword=${mark(password(r))}\n`,
    ),
  'filezilla-sites': (r) =>
    draft(
      `ftp/${service(r)}/sitemanager.xml`,
      `<FileZilla3>\n  <Servers>\n    <Server>\n      <Host>${host(r)}</Host>\n      <User>web</User>\n      <Pass encoding="base64">${mark(base64(password(r)))}</Pass>\n    </Server>\n  </Servers>\n</FileZilla3>\n`,
    ),
  'sftp-json': (r) =>
    draft(
      `.vscode/sftp.json`,
      `{\n  "host": "${host(r)}",\n  "protocol": "sftp",\n  "username": "${person(r)}",\n  "password": "${mark(password(r))}",\n  "remotePath": "/srv/www"\n}\n`,
    ),
  'wp-config': (r) =>
    draft(
      `site/${service(r)}/wp-config.php`,
      `<?php\ndefine('DB_NAME', 'wp');\ndefine('DB_USER', 'wp');\ndefine('DB_PASSWORD', '${mark(password(r))}');\ndefine('DB_HOST', '${host(r)}');\n$table_prefix = 'wp_';\n`,
    ),
  'composer-auth': (r) =>
    draft(
      'auth.json',
      `{\n  "http-basic": {\n    "repo.${domain(r)}": { "username": "ci", "password": "${mark(password(r))}" }\n  }\n}\n`,
    ),
  curlrc: (r) => draft('ci/.curlrc', `silent\nuser = "sync:${mark(password(r))}"\nretry = 3\n`),
  'mail-client': (r) =>
    draft(
      `mail/${r.pick(['.msmtprc', 'esmtprc'])}`,
      `defaults\ntls on\naccount default\nhost smtp.${domain(r)}\nport 587\nfrom ${person(r)}@${domain(r)}\nuser ${person(r)}\npassword ${mark(password(r))}\n`,
    ),
  'smb-credentials': (r) =>
    draft(
      `mounts/${service(r)}.smbcredentials`,
      `username=backup\npassword=${mark(password(r))}\ndomain=${service(r).toUpperCase()}\n`,
    ),
  'rclone-config': (r) =>
    draft(
      `backup/${service(r)}/rclone.conf`,
      `[store]\ntype = s3\nprovider = Minio\naccess_key_id = ${service(r)}\nsecret_access_key = ${mark(r.text(40))}\nendpoint = https://${host(r)}\n`,
    ),
  remmina: (r) =>
    draft(
      `desktops/${service(r)}.remmina`,
      `[remmina]\nname=${service(r)}\nprotocol=RDP\nserver=${host(r)}\nusername=ops\npassword=${mark(r.base64(24))}\n`,
    ),
  'ldap-slapd': (r) =>
    draft(
      `ldap/${service(r)}/slapd.conf`,
      `database mdb\nsuffix "dc=${service(r)},dc=net"\nrootdn "cn=admin,dc=${service(r)},dc=net"\nrootpw ${mark(password(r))}\ndirectory /var/lib/ldap\n`,
    ),
  'shadow-hash': (r) =>
    draft(
      `image/${service(r)}/etc/shadow`,
      `daemon:*:19700:0:99999:7:::\nroot:${mark(`$6$${r.text(16)}$${r.text(86, './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')}`)}:19700:0:99999:7:::\n`,
    ),
});
