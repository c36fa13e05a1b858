import { decodeBase64 } from '../../credential/base64.ts';
import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, Detector } from '../detector.ts';
import { isPlaceholder } from '../placeholder.ts';
import { isTriedOut } from '../secretValue.ts';

const CLUSTER: RuleMeta = {
  id: 'secret/cluster-token',
  severity: 'error',
  title: 'What a machine joins a cluster with stands in a file',
  why: 'Whoever has it brings a machine of their own into the cluster, which is then given an identity, work and the secrets of that work.',
  remedy:
    'Revoke or rotate it, look which machines joined since, and give each machine a token that is good once and ends within the hour.',
};

interface Form {
  readonly keyword: string;
  /** At the keyword, sticky; its group is the secret. */
  readonly form: RegExp;
  readonly what: string;
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const GOSSIP = /encrypt["']?\s*[=:]\s*["']([A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{22}==)["']/iy;

const FORMS: readonly Form[] = [
  {
    keyword: 'swmtkn-1-',
    form: /(SWMTKN-1-[a-z0-9]{50}-[a-z0-9]{25})(?![a-z0-9])/y,
    what: 'a token to join a Docker swarm',
  },
  {
    keyword: '--token',
    form: /--token[ =]["']?([a-z0-9]{6}\.[a-z0-9]{16})(?![\w.-])/y,
    what: 'a token to join a Kubernetes cluster',
  },
  {
    keyword: 'token: ',
    form: /token: ["']?([a-z0-9]{6}\.[a-z0-9]{16})(?![\w.-])/y,
    what: 'a token to join a Kubernetes cluster',
  },
  {
    keyword: 'jointoken',
    form: new RegExp(`jointoken["']?[ =:]+["']?(${UUID})`, 'iy'),
    what: 'a join token of SPIRE',
  },
  {
    keyword: 'join_token',
    form: new RegExp(`join_token["']?[ =:]+["']?(${UUID})`, 'iy'),
    what: 'a join token of SPIRE',
  },
  {
    keyword: '::server:',
    form: /::server:([0-9a-f]{32}|[\w-]{20,})(?![\w-])/y,
    what: 'a token to join a K3s cluster',
  },
  {
    keyword: '::node:',
    form: /::node:([0-9a-f]{32}|[\w-]{20,})(?![\w-])/y,
    what: 'a token to join a K3s cluster',
  },
  {
    keyword: 'certificatekey',
    form: /certificatekey["']?\s*[:=]\s*["']?([0-9a-f]{64})(?![0-9a-f])/iy,
    what: 'the key of the certificates of a control plane (kubeadm)',
  },
  {
    keyword: 'node:',
    form: /node:([\w-]{24,64})(?=["'\s])(?<=["',\s](?:\w+,){0,4}node:[\w-]{24,64})/y,
    what: 'a token to join a cluster of Teleport',
  },
  { keyword: 'encrypt', form: GOSSIP, what: 'the key of a cluster of Consul, Nomad or Serf' },
  { keyword: 'key = aq', form: /key = (AQ[A-Za-z0-9+/]{36}==)/y, what: 'a key of Ceph' },
];

export const detector: Detector = {
  rules: [CLUSTER],
  keywords: FORMS.map(({ keyword }) => keyword),
  reach: 'line',
  *find({ text, at, path }): Generator<Detection> {
    for (const { form, what } of FORMS) {
      form.lastIndex = at;
      const [whole, value = ''] = form.exec(text) ?? [];
      if (whole === undefined || isPlaceholder(value) || (isTriedOut(path) && isGuessable(value))) continue;
      const start = at + whole.lastIndexOf(value);
      yield { rule: CLUSTER, what, start, end: start + value.length };
      return;
    }
  },
};

/** Words in it, or hardly an octet that differs. */
function isGuessable(value: string): boolean {
  const decoded = decodeBase64(value);
  return decoded.ok && new Set(decoded.bytes).size < decoded.bytes.length / 2;
}
