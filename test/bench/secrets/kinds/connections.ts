/** Passwords inside connection strings. */
import { draft, family, mark } from '../draft.ts';
import type { Random } from '../random.ts';
import { password as anyPassword, domain, host, service } from '../words.ts';

/** In a URL a person would have escaped the exclamation mark. */
const password = (r: Random): string => anyPassword(r).replace('!', '%21');
const url = (r: Random, scheme: string, port: number, path = ''): string =>
  `${scheme}://${service(r)}:${mark(password(r))}@${host(r)}:${port}${path}`;

export const CONNECTIONS = family('connection-string', {
  'postgres-environment': (r) =>
    draft(
      r.pick(['.env', 'api/.env', `${service(r)}.env`]),
      `PORT=3000\nDATABASE_URL=${url(r, r.pick(['postgres', 'postgresql']), 5432, '/app')}\n`,
    ),
  'mysql-yaml': (r) =>
    draft(
      `config/${service(r)}/database.yml`,
      `production:\n  url: ${url(r, 'mysql2', 3306, '/app?pool=5')}\n`,
    ),
  'mongodb-javascript': (r) =>
    draft(
      `server/${service(r)}/db.js`,
      `const { MongoClient } = require('mongodb');\n\nconst client = new MongoClient('mongodb+srv://app:${mark(password(r))}@cluster0.${r.text(5, 'abcdefghij')}.mongodb.net/app');\nmodule.exports = client;\n`,
    ),
  'redis-toml': (r) =>
    draft(
      `config/${service(r)}/cache.toml`,
      `[cache]\nurl = "rediss://:${mark(password(r))}@${host(r)}:6380/0"\nttl = 60\n`,
    ),
  'amqp-json': (r) =>
    draft(
      `workers/${service(r)}.json`,
      `{\n  "queue": "jobs",\n  "broker": "${url(r, 'amqps', 5671, '/prod')}",\n  "prefetch": 20\n}\n`,
    ),
  'jdbc-parameters': (r) =>
    draft(
      `src/main/resources/${service(r)}/db.properties`,
      `db.url=jdbc:postgresql://${host(r)}:5432/app?user=app&password=${mark(password(r))}&ssl=true\ndb.pool=10\n`,
    ),
  'jdbc-oracle': (r) =>
    draft(
      `src/main/resources/${service(r)}/oracle.properties`,
      `jdbc.url=jdbc:oracle:thin:app/${mark(password(r))}@//${host(r)}:1521/PROD\n`,
    ),
  'spring-datasource': (r) =>
    draft(
      `src/main/resources/${service(r)}/application.yml`,
      `spring:\n  datasource:\n    url: jdbc:postgresql://${host(r)}:5432/app\n    username: app\n    password: ${mark(anyPassword(r))}\n`,
    ),
  'ado-net': (r) =>
    draft(
      `src/${service(r)}/web.config`,
      `<configuration>\n  <connectionStrings>\n    <add name="Main" connectionString="Server=tcp:${host(r)},1433;Database=app;User ID=app;Password=${mark(anyPassword(r))};Encrypt=True;" />\n  </connectionStrings>\n</configuration>\n`,
    ),
  'sqlalchemy-python': (r) =>
    draft(
      `${service(r)}/db.py`,
      `from sqlalchemy import create_engine\n\nengine = create_engine("${url(r, 'postgresql+psycopg2', 5432, '/app')}", pool_pre_ping=True)\n`,
    ),
  'alembic-ini': (r) =>
    draft(
      `${service(r)}/alembic.ini`,
      `[alembic]\nscript_location = migrations\nsqlalchemy.url = ${url(r, 'postgresql', 5432, '/app')}\n`,
    ),
  'libpq-keywords': (r) =>
    draft(
      `cmd/${service(r)}/main.go`,
      `package main\n\nimport (\n\t"database/sql"\n\n\t_ "github.com/lib/pq"\n)\n\nfunc open() (*sql.DB, error) {\n\treturn sql.Open("postgres", "host=${host(r)} user=app password=${mark(anyPassword(r))} dbname=app sslmode=require")\n}\n`,
    ),
  'go-mysql-dsn': (r) =>
    draft(
      `cmd/${service(r)}/db.go`,
      `package main\n\nconst dsn = "app:${mark(anyPassword(r))}@tcp(${host(r)}:3306)/app?parseTime=true"\n`,
    ),
  'smtp-url': (r) =>
    draft(
      `deploy/${service(r)}/mail.env`,
      `MAIL_FROM=noreply@${domain(r)}\nMAILER_DSN=${url(r, 'smtps', 465)}\n`,
    ),
  'elasticsearch-ruby': (r) =>
    draft(
      `app/${service(r)}/search.rb`,
      `CLIENT = Elasticsearch::Client.new(url: "https://elastic:${mark(password(r))}@${host(r)}:9200")\n`,
    ),
  'git-remote-url': (r) =>
    draft(
      `scripts/mirror-${service(r)}.sh`,
      `#!/bin/sh\ngit remote add mirror https://sync:${mark(r.text(24))}@git.${domain(r)}/infra.git\ngit push --mirror mirror\n`,
    ),
  'odbc-ini': (r) =>
    draft(
      `odbc/${service(r)}/odbc.ini`,
      `[app]\nDriver = PostgreSQL\nServername = ${host(r)}\nUserName = app\nPassword = ${mark(anyPassword(r))}\nPort = 5432\n`,
    ),
  'php-pdo': (r) =>
    draft(
      `public/${service(r)}/db.php`,
      `<?php\n$db = new PDO('mysql:host=${host(r)};dbname=app', 'app', '${mark(anyPassword(r))}');\n$db->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);\n`,
    ),
});
