/** How programs are given a password as it is: by an option of one letter, by place, from a pipe. */

/** One word, whichever quotes are around it; in a list each word has its own. */
const WORD = String.raw`(?:["'],[ \t]*)?["']?([^\s"'\`|;&<>\\)\]]{1,200})`;
const BETWEEN = String.raw`(?:[ \t]+|["'],[ \t]*["'])`;
/** Of the same command: no pipe and no further command begins. */
const SAME = String.raw`[^\n|;&]{0,300}?`;

/** `option` with its value in the same word or the next. */
function option(program: string, options: string, joint: '' | ' ' | '?' = '?'): RegExp {
  const join = joint === '' ? '' : joint === ' ' ? BETWEEN : `(?:${BETWEEN}|=)?`;
  return new RegExp(String.raw`(?:${program})\b${SAME}${BETWEEN}(?:${options})${join}${WORD}`, 'y');
}

export interface Command {
  readonly keywords: readonly string[];
  /** At the keyword, sticky; its last group that took part is the secret. */
  readonly form: RegExp;
}

export const COMMANDS: readonly Command[] = [
  { keywords: ['vcert '], form: option('vcert', '-k|--apiKey', ' ') },
  {
    keywords: ['fabric-ca-server'],
    form: new RegExp(
      String.raw`fabric-ca-server\b${SAME}${BETWEEN}(?:-b|--boot)[ =]["']?[\w.-]{1,64}:${WORD}`,
      'y',
    ),
  },
  {
    keywords: ['connect '],
    form: /connect[ \t]+["']?[\w$#]{1,40}\/["']?([^\s"'@/|;&<>\\)]{1,100})["']?@\w/iy,
  },
  {
    // A substituted process is what another command reads a password from.
    keywords: ['<(echo ', '<(printf '],
    form: /<\((?:echo|printf)(?:[ \t]+-\w+)*[ \t]+(?:(["'])%s(?:\\n)?\1[ \t]+)?["']?([^\s"'`|;&<>\\)]{1,200})["']?[ \t]*\)/y,
  },
  { keywords: ['sshpass'], form: option('sshpass', '-p') },
  {
    keywords: ['mysql', 'mariadb'],
    form: option(
      '(?:mysql|mariadb)(?:dump|admin|show|import|check|sh|pump|-dump|-admin)?',
      '-p|--password=',
      '',
    ),
  },
  { keywords: ['mongo'], form: option('mongo(?:sh|dump|restore|import|export)?', '-p|--password') },
  { keywords: ['redis-cli', 'valkey-cli'], form: option('(?:redis|valkey)-cli', '-a|--pass') },
  {
    keywords: [
      'ldapsearch',
      'ldapmodify',
      'ldapadd',
      'ldapdelete',
      'ldapwhoami',
      'ldappasswd',
      'ldapcompare',
    ],
    form: option('ldap(?:search|modify|add|delete|passwd|whoami|compare)', '-w'),
  },
  {
    keywords: ['smbclient', 'rpcclient', 'smbget'],
    form: new RegExp(
      String.raw`(?:smbclient|rpcclient|smbget)\b${SAME}${BETWEEN}(?:-U|--user)[ =]?["']?[\w\\.@/-]{1,60}%${WORD}`,
      'y',
    ),
  },
  {
    keywords: [' login'],
    form: new RegExp(
      String.raw` login\b(?<=(?:docker|podman|buildah|skopeo|nerdctl|oras|oc|cf|argocd|az|acr|helm registry|crane auth|credentials|tea|rsconnect) login)${SAME}${BETWEEN}(?:-p|--password)(?:${BETWEEN}|=)?${WORD}`,
      'y',
    ),
  },
  {
    keywords: ['vault login', 'bao login'],
    form: /(?:vault|bao) login(?:[ \t]+-[\w=-]+){0,4}[ \t]+(?:token=)?["']?([^\s"'=|;&<>\\)]{8,200})["']?[ \t]*(?=[\n\\&;|]|$)/y,
  },
  {
    keywords: ['htpasswd -'],
    form: new RegExp(
      String.raw`htpasswd${BETWEEN}-[a-zA-Z]*b[a-zA-Z]*(?:${BETWEEN}-[\w]+(?:[ \t]+\d+)?){0,3}(?:${BETWEEN}[^\s"']+){1,2}?${BETWEEN}["']?([^\s"'|;&<>\\)\]]{1,200})["']?[ \t]*(?=[\n|;&>)]|$)`,
      'y',
    ),
  },
  { keywords: ['openssl'], form: option('openssl', '-k', ' ') },
  { keywords: ['pk12util'], form: option('pk12util', '-[WK]', ' ') },
  { keywords: ['certutil'], form: option(String.raw`certutil(?:\.exe)?`, '-p', ' ') },
  { keywords: ['signtool'], form: option(String.raw`signtool(?:\.exe)?`, '/p', ' ') },
  {
    keywords: ['osslsigncode', 'jsign', 'mono-signcode'],
    form: option('osslsigncode|jsign', '-pass|--storepass|--keypass'),
  },
  { keywords: ['ssh-keygen', 'ssh-add', 'puttygen'], form: option('ssh-keygen', '-[NP]') },
  {
    keywords: ['yubihsm-shell', 'yubico-piv-tool', 'ykman'],
    form: option('yubihsm-shell|yubico-piv-tool|ykman', '-p|-P|--pin|--password|--management-key|-m'),
  },
  { keywords: ['tpm2_', 'tpm2-'], form: option('tpm2_ptool', '--userpin|--sopin') },
  { keywords: ['p11tool'], form: option('p11tool', '--set-pin|--set-so-pin') },
  { keywords: ['pkcs11-tool'], form: option('pkcs11-tool', '-p', ' ') },
  {
    keywords: ['cmu ', 'lunacm', 'partition login'],
    form: option('cmu|lunacm|partition login', '-password'),
  },
  {
    keywords: ['scepclient', 'sscep', 'estclient', 'libest'],
    form: option('scepclient|sscep|estclient', '-challenge|-p', '?'),
  },
  { keywords: ['ipmitool'], form: option('ipmitool', '-P', '?') },
  { keywords: ['sqlcmd', 'bcp '], form: option(String.raw`(?:sqlcmd|bcp)(?:\.exe)?`, '-P', '?') },
  { keywords: ['kadmin', 'addprinc', 'kinit'], form: option('kadmin(?:\\.local)?|addprinc', '-w|-pw', ' ') },
  {
    keywords: ['mosquitto_pub', 'mosquitto_sub', 'mosquitto_rr'],
    form: option('mosquitto_(?:pub|sub|rr)', '-P|--pw', '?'),
  },
  {
    keywords: ['mosquitto_passwd'],
    form: /mosquitto_passwd[ \t]+(?:-\w+[ \t]+)*-b[ \t]+\S+[ \t]+\S+[ \t]+["']?([^\s"'|;&<>\\)]{1,200})/y,
  },
  {
    keywords: ['rabbitmqctl'],
    form: /rabbitmqctl(?:[ \t]+-\S+(?:[ \t]+\S+@\S+)?)*[ \t]+(?:add_user|change_password)[ \t]+["']?[\w.-]+["']?[ \t]+["']?([^\s"'|;&<>\\)]{1,200})/y,
  },
  {
    keywords: ['sqlplus', 'impdp', 'expdp', 'sqlldr', 'rman'],
    form: /(?:sqlplus|impdp|expdp|sqlldr|rman)\b[^\n|;&]{0,100}?[ \t=]["']?[\w$#]{1,40}\/["']?([^\s"'@/|;&<>\\)]{1,100})["']?@/y,
  },
  {
    keywords: ['net user', 'net.exe user'],
    form: /net(?:\.exe)?[ \t]+user[ \t]+["']?[\w.$-]+["']?[ \t]+["']?([^\s"'*/|;&<>\\)]{4,100})["']?[ \t]+(?=\/)/iy,
  },
  {
    keywords: ['net use'],
    form: /net(?:\.exe)?[ \t]+use\b[^\n|;&]{0,200}?(?:[ \t]\/user:\S+[ \t]+["']?([^\s"'/|;&<>\\)]{4,100})|[ \t]["']?([^\s"'/\\:*|;&<>)]{4,100})["']?[ \t]+\/user:)/iy,
  },
  {
    keywords: ['psexec', 'winrs', 'schtasks', 'paexec'],
    form: /(?:psexec|winrs|schtasks|paexec)(?:64)?(?:\.exe)?\b[^\n|;&]{0,300}?[ \t](?:-p(?::|[ \t]+)|\/rp[ \t]+)["']?([^\s"'|;&<>\\)]{1,100})/iy,
  },
  {
    keywords: ['xfreerdp', 'wlfreerdp'],
    form: /(?:x|wl)freerdp\b[^\n|;&]{0,300}?[ \t]\/p:["']?([^\s"'|;&<>\\)]{1,100})/y,
  },
  {
    keywords: ['lftp', 'snmpwalk', 'snmpget', 'snmpset'],
    form: /(?:lftp\b[^\n|;&]{0,200}?[ \t]-u[ \t]+["']?[^\s,"']+,|snmp(?:walk|get|set)\b[^\n|;&]{0,200}?[ \t]-[AXc][ \t]+)["']?([^\s"'|;&<>\\)]{1,100})/y,
  },
  {
    keywords: ['nmcli', 'wpa_passphrase', 'iscsiadm'],
    form: /(?:nmcli\b[^\n|;&]{0,300}?(?:password|sec\.psk)|wpa_passphrase[ \t]+\S+|iscsiadm\b[^\n|;&]{0,300}?password[ \t]+-v)[ \t]+["']?([^\s"'|;&<>\\)]{4,100})/y,
  },
  {
    keywords: ['convertto-securestring'],
    form: /convertto-securestring(?:[ \t]+-(?:string|asplaintext|force))*[ \t]+["']([^"'\n$]{4,200})["']/iy,
  },
  {
    keywords: ['samba-tool'],
    form: /samba-tool[ \t]+user[ \t]+(?:create|add)[ \t]+[\w.-]+[ \t]+["']?([^\s"'|;&<>\\)-][^\s"'|;&<>\\)]{3,100})/y,
  },
  // Written into a file that is named for it, or into a command that reads a password.
  {
    keywords: ['echo ', 'printf '],
    form: /(?:echo|printf)(?:[ \t]+-\w+)*[ \t]+(?:(["'])%s(?:\\n)?\1[ \t]+)?["']?(?:[\w.-]{1,40}:(?=[^\n|]{1,120}\|[ \t]*(?:sudo[ \t]+)?chpasswd))?([^\s"'`|;&<>\\)]{1,200})["']?[ \t]*(?:>>?[ \t]*["']?[^\s"'|;&]*(?:passw(?:or)?d|passphrase|[-_.]pass|secret(?:[-_]?id)?|token|[-_.]pin|api[-_]?key)(?:\.txt)?["']?[ \t]*(?:[\n;&|)]|$)|\|[^\n|;&]{0,200}?(?:--password-stdin|--passphrase-fd|--pin-stdin|--stdin|chpasswd|passwd|kinit|sudo -S|cryptsetup|--password-file[ =](?:-|\/dev\/stdin)|-pass(?:in)? stdin|token-stdin|--with-token|secret (?:create|set)))/y,
  },
];
