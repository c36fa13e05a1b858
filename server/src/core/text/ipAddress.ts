/** The octets of an address that is one, IPv4 or IPv6. */
export function octetsOf(address: string): readonly number[] {
  if (!address.includes(':')) return address.split('.').map(Number);
  const half = (text: string): number[] =>
    (text === '' ? [] : text.split(':')).flatMap((group) => {
      if (group.includes('.')) return group.split('.').map(Number);
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 0xff];
    });
  const [head = '', tail] = address.split('::');
  const first = half(head);
  const last = tail === undefined ? [] : half(tail);
  return [...first, ...Array<number>(16 - first.length - last.length).fill(0), ...last];
}

/** Whether an address, or a network as a whole, is in a network in CIDR notation. Both are well formed. */
export function isInNetwork(text: string, network: string): boolean {
  const [address = '', ownPrefix] = text.split('/');
  const [base = '', prefix = ''] = network.split('/');
  const octets = octetsOf(address);
  const others = octetsOf(base);
  const bits = Number(prefix);
  if (octets.length !== others.length || (ownPrefix !== undefined && Number(ownPrefix) < bits)) return false;
  return octets.every((octet, index) => {
    const kept = Math.min(8, Math.max(0, bits - 8 * index));
    const mask = (0xff << (8 - kept)) & 0xff;
    return (octet & mask) === ((others[index] ?? 0) & mask);
  });
}
