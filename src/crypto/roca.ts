const GENERATOR = 65_537
/** The product of the primes up to here is what the faulty generator used for keys from 1,984 bits. */
const LARGEST_PRIME = 701

/**
 * Whether an RSA modulus has the fingerprint of the faulty key generator of CVE-2017-15361 (ROCA), whose keys can be
 * factored: modulo each of the first 126 primes it is a power of 65537. Of 2^160 sound keys one has it by chance.
 *
 * Source: Nemec et al., "The Return of Coppersmith's Attack", section 2.
 */
export function hasRocaFingerprint(modulus: bigint): boolean {
  for (let prime = 3; prime <= LARGEST_PRIME; prime += 2) {
    if (isPrime(prime) && !isPowerOfGenerator(Number(modulus % BigInt(prime)), prime)) return false
  }
  return true
}

function isPowerOfGenerator(residue: number, prime: number): boolean {
  let power = 1
  do {
    if (power === residue) return true
    power = (power * GENERATOR) % prime
  } while (power !== 1)
  return false
}

function isPrime(odd: number): boolean {
  for (let divisor = 3; divisor * divisor <= odd; divisor += 2) if (odd % divisor === 0) return false
  return true
}
