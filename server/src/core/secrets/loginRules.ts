import type { RuleMeta } from '../rules/rule.ts';

export const CREDENTIAL_FILE: RuleMeta = {
  id: 'secret/credential-file',
  severity: 'error',
  title: 'A login stands in a file that programs read logins from',
  why: 'The file says where the login is good, and is read without anybody being asked: whoever copies it is that user or machine.',
  remedy:
    'Change the password or revoke the token, take the file out of the repository, and have it made where it is used.',
};

export const CONNECTION: RuleMeta = {
  id: 'secret/connection-string',
  severity: 'error',
  title: 'A login with its password stands in a file',
  why: 'Where it goes to stands beside it: whoever reads the file can log in at once.',
  remedy:
    'Change the password, and let the service log in by its own identity, or take the password from a secret store.',
};

export const SECRET_ID: RuleMeta = {
  id: 'secret/approle-secret-id',
  severity: 'error',
  title: 'A secret id of Vault, Consul or Nomad stands in a file',
  why: 'It is the half of a login that is to be kept: with the id of the role, which is no secret, it is exchanged for tokens.',
  remedy:
    'Destroy the secret id by its accessor. Let the workload fetch one that is wrapped and good once, or log in by its own identity.',
};
