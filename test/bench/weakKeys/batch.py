"""The greatest common divisor of each modulus with the product of all others, written apart from ours: a product tree and the
remainders of its top modulo squares (Heninger et al. 2012). With gmpy2 where it is installed. Reads one modulus in hex a line;
prints the indices of those that share, then CPU seconds."""
import math
import sys
import time

try:
    from gmpy2 import mpz, gcd

    kind = "gmpy2"
except ImportError:
    mpz, gcd, kind = int, math.gcd, "plain"

numbers = [mpz(int(line, 16)) for line in sys.stdin]
start = time.process_time()
levels = [numbers]
while len(levels[-1]) > 1:
    last = levels[-1]
    levels.append([last[i] * last[i + 1] if i + 1 < len(last) else last[i] for i in range(0, len(last), 2)])
rests = levels.pop()
for level in reversed(levels):
    rests = [rests[i // 2] % (each * each) for i, each in enumerate(level)]
shared = [i for i, (n, rest) in enumerate(zip(numbers, rests)) if gcd(rest // n, n) != 1]
print(kind, round(time.process_time() - start, 2), *shared)
