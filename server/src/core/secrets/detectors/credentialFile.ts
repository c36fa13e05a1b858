import type { Detection, Detector } from '../detector.ts';
import { CREDENTIAL_FILE } from '../loginRules.ts';
import { SECRET_NAME, SECRET_NAME_KEYWORDS } from '../secretName.ts';
import { isSecretValue } from '../secretValue.ts';
import { settingValueAt } from '../settingValue.ts';

/** By the name of the file: what is named a password in them is a login. */
const KNOWN = [
  /** Of tools of developers. */
  /^(?:\.?pypirc|settings(?:-security)?\.xml|gradle\.properties|nuget\.config|pip\.conf|\.?condarc|auth\.json|hub|hosts\.yml|\.tugboat|heroku\.json)$/,
  /** Of clients. */
  /^(?:\.?my\.cnf|\.s3cfg|\.boto|\.dockercfg|\.git-credentials|rclone\.conf|\.?wgetrc|\.?curlrc|\.?(?:msmtp|esmtp|mutt|fetchmail|getmail)rc|.*\.ovpn)$/,
  /^(?:sftp-config\.json|\.?ftpconfig|\.remote-sync\.json|sftp\.json|deployment-config\.json|robomongo\.json|\.?smb(?:credentials|creds|pass)?|credentials\.tfrc\.json|winscp\.ini|confcons\.xml|.*\.vnc|\.terraformrc|ventrilo_srv\.ini)$/,
  /^(?:(?:filezilla|sitemanager|recentservers|sites|webservers|datasources|data-sources|dbeaver-data-sources)\.xml)$/,
  /** Of services. */
  /^(?:wp-config\.php|localsettings\.php|configuration\.php|config\.php|database\.ya?ml|mongoid\.ya?ml|web\.config|appsettings(?:\.\w+)?\.json|application(?:-\w+)?\.(?:ya?ml|properties)|jenkins\.ya?ml)$/,
  /** By their purpose. */
  /^(?:\.?credentials?(?:\.(?:xml|json|ya?ml|ini|toml|properties))?|secrets?\.(?:ya?ml|json|toml|ini|properties)|\.env(?:\.[\w-]+)?|[\w-]+\.env|user-data|cloud-(?:init|config)\.ya?ml)$/,
  /^(?:.*\.tfvars(?:\.json)?|.*\.tfstate(?:\.backup)?|.*\.auto\.tfvars|\.bash_?(?:rc|profile)|\.zshrc|\.profile|\.exports|config\.toml|(?:docker|container)file(?:\.[\w-]+)?|.*\.dockerfile)$/,
];

export const detector: Detector = {
  rules: [CREDENTIAL_FILE],
  keywords: SECRET_NAME_KEYWORDS,
  reach: 'near',
  isVague: true,
  reads(path) {
    const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
    return KNOWN.some((form) => form.test(name)) || /(?:^|\/)\.(?:docker|aws|irssi|kube)\/config/i.test(path);
  },
  *find({ text, at, path }): Generator<Detection> {
    SECRET_NAME.lastIndex = at;
    const [name] = SECRET_NAME.exec(text) ?? [];
    if (name === undefined) return;
    const found = settingValueAt(text, at + name.length, 'quoted');
    if (found === undefined || !isSecretValue(found.value, path, 5)) return;
    yield { rule: CREDENTIAL_FILE, what: 'a password or token', start: found.start, end: found.end };
  },
};
