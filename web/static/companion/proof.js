// The page's proof of work (web/domain/questions/proof_of_work.py): a number with which SHA-256 begins with enough zero bits.
const BITS = 15;
const SLICE = 8;  // milliseconds of work before the page may breathe
const K = new Uint32Array(64);
const START = new Uint32Array(8);
constants();

// Resolves to the number found, as text. `challenge` and the number fit one block of 55 bytes.
/** @param {string} challenge */
export async function solve(challenge) {
  const prefix = new TextEncoder().encode(`${challenge}:`);
  for (let nonce = 0; ;) {
    const until = performance.now() + SLICE;
    for (; performance.now() < until; nonce++) {
      const text = String(nonce);
      if (firstWord(prefix, text) >>> (32 - BITS) === 0) return text;
    }
    await new Promise((resume) => setTimeout(resume));
  }
}

// FIPS 180-4: the constants are the first bits of roots of the first primes.
function constants() {
  /** @type {number[]} */
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  /** @param {number} root */
  const bits = (root) => ((root - Math.floor(root)) * 2 ** 32) >>> 0;
  primes.forEach((p, i) => { K[i] = bits(Math.cbrt(p)); if (i < 8) START[i] = bits(Math.sqrt(p)); });
}

const w = new Uint32Array(64), block = new Uint8Array(64), view = new DataView(block.buffer);
/** @param {number} x @param {number} n */
const turn = (x, n) => (x >>> n) | (x << (32 - n));

/** @param {Uint8Array} prefix @param {string} text */
function firstWord(prefix, text) {
  block.fill(0);
  block.set(prefix);
  for (let i = 0; i < text.length; i++) block[prefix.length + i] = text.charCodeAt(i);
  const size = prefix.length + text.length;
  block[size] = 0x80;
  view.setUint32(60, size * 8);
  for (let i = 0; i < 16; i++) w[i] = view.getUint32(i * 4);
  for (let i = 16; i < 64; i++) {
    const a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = START;
  for (let i = 0; i < 64; i++) {
    const t = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const u = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t) | 0; d = c; c = b; b = a; a = (t + u) | 0;
  }
  return (START[0] + a) >>> 0;
}
