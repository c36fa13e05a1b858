import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BackendError } from '../errors.ts';
import type { AddressRefusal } from '../transport.ts';

type Found = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/** Marks a name that leads nowhere a connection may go. */
export const REFUSED_ADDRESS = 'EREFUSEDADDRESS';

/**
 * Resolves a name for the connection itself, and leaves out what is refused: whoever owns the name cannot show one address to a
 * check and another to the connection.
 */
export function guardedLookup(refuse: AddressRefusal) {
  return (hostname: string, options: LookupOptions, found: Found): void => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        found(error, []);
        return;
      }
      const allowed = addresses.filter(({ address }) => refuse(address) === undefined);
      const [first] = allowed;
      if (first === undefined) {
        const why = addresses.map(({ address }) => refuse(address)).find((each) => each !== undefined);
        found(Object.assign(new Error(why ?? 'the name has no address'), { code: REFUSED_ADDRESS }), []);
      } else if (options.all === true) found(null, allowed);
      else found(null, first.address, first.family);
    });
  };
}

export function addressRefused(name: string, origin: string, why: string): BackendError {
  return new BackendError({
    kind: 'forbidden',
    what: `${name} (${origin}) is not asked: ${why}`,
    hint: 'name its host where that is allowed on purpose',
  });
}
