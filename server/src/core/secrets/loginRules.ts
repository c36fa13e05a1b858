import type { RuleMeta } from '../rules/rule.ts';

export const CREDENTIAL_FILE: RuleMeta = {
  id: 'secret/credential-file',
  severity: 'error',
  title: 'A login stands in a file that programs read logins from',
  why: 'The file says where the login is good, and is read without anybody being asked: whoever copies it is that user or machine.',
  remedy:
    'Change the password or revoke the token, take the file out of the repository, and have it made where it is used.',
};
