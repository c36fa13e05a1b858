import { execFileSync } from 'node:child_process';
import { createECDH } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const NAME = 'machine-000000';
/** Of every so many certificates one has the key of another. */
export const SHARED_EVERY = 100;

/** Before a point of P-256 in a SubjectPublicKeyInfo (RFC 5480) stand the curve and a bit string. */
const POINT = Buffer.from('06082a8648ce3d030107034200', 'hex');

/** Certificates as DER: one of OpenSSL with another name, serial number and key each time. Their signatures are nobody's. */
export function* certificates(count: number): Generator<Buffer> {
  const { der, serial } = template();
  const names = placesOf(der, Buffer.from(NAME));
  const point = der.indexOf(POINT) + POINT.length;
  const pair = createECDH('prime256v1');
  let key = pair.generateKeys();
  for (let number = 0; number < count; number += 1) {
    const one = Buffer.from(der);
    const name = `machine-${String(number).padStart(6, '0')}`;
    for (const place of names) one.write(name, place, 'latin1');
    if (number % SHARED_EVERY !== 1) key = pair.generateKeys();
    key.copy(one, point);
    one.writeUInt32BE(number, serial + 4);
    yield one;
  }
}

/** With names in place of those that are written, and the place of its serial number. */
function template(): { readonly der: Buffer; readonly serial: number } {
  const folder = mkdtempSync(path.join(tmpdir(), 'idac-bench-certificate-'));
  const file = path.join(folder, 'one.der');
  const wanted = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    `/CN=${NAME}/O=Fernweh`,
  ];
  const [key, serial] = [path.join(folder, 'key'), '0x4102030405060708090a0b0c0d0e0f10'];
  const names = `subjectAltName=DNS:${NAME}.example.com`;
  try {
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        ...wanted,
        '-days',
        '90',
        '-addext',
        names,
        '-set_serial',
        serial,
        '-keyout',
        key,
        '-outform',
        'DER',
        '-out',
        file,
      ],
      { stdio: 'ignore' },
    );
    const der = readFileSync(file);
    return { der, serial: der.indexOf(Buffer.from(serial.slice(2), 'hex')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function placesOf(bytes: Buffer, part: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(part); at !== -1; at = bytes.indexOf(part, at + 1)) places.push(at);
  return places;
}
