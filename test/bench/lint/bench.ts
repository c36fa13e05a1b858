/**
 * `npm run bench:lint -- --zlint DIR [--count N] [--theirs N]`: certificates per second of CPU with all rules, beside zlint over the first
 * of the same octets in the same run. Half of them are zlint's own test certificates over and over, half are made, each with names of
 * its own. `go` builds zlint from DIR.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { viewCertificate } from '../../../server/src/core/lint/certificateView.ts';
import { LINT_RULES } from '../../../server/src/core/lint/generated/registry.ts';
import { lintView } from '../../../server/src/core/lint/lintCertificate.ts';
import { withZlint, zlintResults } from '../../conformance/zlintResults.ts';
import { dnsName, extension, hex, integer, seq } from '../../lint/der.ts';
import { server } from '../../lint/template.ts';

const { values } = parseArgs({
  options: {
    zlint: { type: 'string' },
    count: { type: 'string', default: '100000' },
    /** How many of them zlint is given, the first ones: it takes longer. */
    theirs: { type: 'string', default: '10000' },
  },
});

/** Reads all first, so that only parsing and linting are counted; one thread, as here. */
const PROGRAM = `package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"syscall"

	"github.com/zmap/zcrypto/x509"
	"github.com/zmap/zlint/v3"
)

func cpu() float64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Utime.Sec+usage.Stime.Sec) + float64(usage.Utime.Usec+usage.Stime.Usec)/1e6
}

func main() {
	runtime.GOMAXPROCS(1)
	all, _ := os.ReadFile(os.Args[1])
	before := cpu()
	count, found := 0, 0
	for at := 0; at < len(all); {
		length := int(binary.BigEndian.Uint32(all[at:]))
		certificate, err := x509.ParseCertificate(all[at+4 : at+4+length])
		at += 4 + length
		count++
		if err != nil {
			continue
		}
		result := zlint.LintCertificate(certificate)
		if result.ErrorsPresent || result.WarningsPresent || result.NoticesPresent {
			found++
		}
	}
	fmt.Printf("%d %d %f", count, found, cpu()-before)
}
`;

function made(number: number): Uint8Array {
  const serial = number.toString(16).padStart(32, '5');
  return server({
    serial: integer(hex(serial)),
    extensions: {
      subjectAltName: extension(
        'subjectAltName',
        seq(dnsName(`host-${number}.shop.example.com`), dnsName(`www-${number}.example.org`)),
        true,
      ),
    },
  });
}

function lintAll(der: Uint8Array): number {
  return lintView(viewCertificate(der), () => true).length;
}

function row(name: string, count: number, found: number, seconds: number): void {
  const perSecond = Math.round(count / seconds).toLocaleString('en');
  console.log(
    `| ${name} | ${count.toLocaleString('en')} | ${found.toLocaleString('en')} | ${seconds.toFixed(1)} | ${perSecond} |`,
  );
}

const { zlint, count } = values;
if (zlint === undefined) throw new Error('--zlint DIR: the source of github.com/zmap/zlint/v3');
const theirs = zlintResults(zlint).map(({ der }) => der);
const certificates = Array.from({ length: Number(count) }, (_, each) =>
  each % 2 === 0 ? made(each) : (theirs[(each >> 1) % theirs.length] ?? made(each)),
);

console.log(
  '| | certificates | with findings | CPU seconds | certificates a CPU second |\n| --- | ---: | ---: | ---: | ---: |',
);
const before = process.cpuUsage();
let found = 0;
for (const der of certificates) if (lintAll(der) > 0) found += 1;
const { user, system } = process.cpuUsage(before);
row(
  `here, ${LINT_RULES.length} rules, Node ${process.versions.node}`,
  certificates.length,
  found,
  (user + system) / 1e6,
);

const folder = mkdtempSync(path.join(os.tmpdir(), 'lint-bench-'));
try {
  const file = path.join(folder, 'certificates');
  const length = (der: Uint8Array) => {
    const octets = Buffer.alloc(4);
    octets.writeUInt32BE(der.length);
    return octets;
  };
  writeFileSync(
    file,
    Buffer.concat(certificates.slice(0, Number(values.theirs)).flatMap((der) => [length(der), der])),
  );
  const [total = 0, withFindings = 0, seconds = 0] = withZlint(zlint, PROGRAM, (program) =>
    execFileSync(program, [file], { encoding: 'utf8' }).split(' ').map(Number),
  );
  row('zlint, all lints, one thread', total, withFindings, seconds);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
