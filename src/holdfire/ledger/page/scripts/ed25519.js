// Ed25519 verification, RFC 8032 section 5.1.7, strictly: S below the group's order, points in their one
// encoding, R compared as bytes, no key of small order. Nothing here is secret, so nothing needs to take constant time.

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const mod = (value) => {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
};

function power(base, exponent) {
  let result = 1n;
  for (let b = base, e = exponent; e; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P;
  return result;
}

const D = mod(-121665n * power(121666n, P - 2n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);

const number = (bytes) => {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  return value;
};

/** Points in extended coordinates: [X, Y, Z, T] with x = X/Z, y = Y/Z, xy = T/Z (RFC 8032 section 5.1.4). */
const ZERO = [0n, 1n, 1n, 0n];

function plus([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = ((y1 - x1) * (y2 - x2)) % P;
  const b = ((y1 + x1) * (y2 + x2)) % P;
  const c = ((2n * t1 * t2) % P) * D;
  const d = 2n * z1 * z2;
  const [e, f, g, h] = [b - a, (d - c) % P, (d + c) % P, b + a];
  return [(e * f) % P, (g * h) % P, (f * g) % P, (e * h) % P];
}

function twice([x, y, z]) {
  const a = x * x;
  const b = y * y;
  const h = a + b;
  const e = (h - (x + y) ** 2n) % P;
  const g = (a - b) % P;
  const f = (2n * z * z + g) % P;
  return [(e * f) % P, (g * h) % P, (f * g) % P, (e * h) % P];
}

/** The point of 32 bytes; null: they are not the one encoding of a point (RFC 8032 section 5.1.3). */
function point(bytes) {
  const packed = number(bytes);
  const sign = packed >> 255n;
  const y = packed & ((1n << 255n) - 1n);
  if (y >= P) return null;
  const u = mod(y * y - 1n);
  const v = mod(D * y * y + 1n);
  const v3 = (((v * v) % P) * v) % P;
  let x = (((u * v3) % P) * power((((u * v3) % P) * v3 * v) % P, (P - 5n) / 8n)) % P;
  const check = (v * x * x) % P;
  if (check !== u) {
    if (check !== mod(-u)) return null;
    x = (x * ROOT_OF_MINUS_ONE) % P;
  }
  if (x === 0n && sign) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, (x * y) % P];
}

function encoded([x, y, z]) {
  const inverse = power(mod(z), P - 2n);
  let packed = mod(y * inverse) | ((mod(x * inverse) & 1n) << 255n);
  const bytes = new Uint8Array(32);
  for (let i = 0; i < 32; i++, packed >>= 8n) bytes[i] = Number(packed & 255n);
  return bytes;
}

const BASE = point(Uint8Array.from({ length: 32 }, (_, i) => (i ? 0x66 : 0x58)));

/** Whether eight times a point is the neutral one: under such a key one signature fits many messages. */
const small = (owner) => mod(twice(twice(twice(owner)))[0]) === 0n;

/** first * BASE + second * other, both multiples read at once from the top (Straus). */
function combined(first, second, other) {
  const sums = [ZERO, BASE, other, plus(BASE, other)];
  let total = ZERO;
  for (let i = 255n; i >= 0n; i--) {
    total = twice(total);
    const which = Number(((first >> i) & 1n) | (((second >> i) & 1n) << 1n));
    if (which) total = plus(total, sums[which]);
  }
  return total;
}

/** Whether a signature (64 bytes) of a message is that of a key (32 bytes). */
function signed(key, message, signature) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const r = signature.subarray(0, 32);
  const s = number(signature.subarray(32));
  const owner = point(key);
  if (s >= ORDER || !owner || small(owner)) return false;
  const k = number(sha512(r, key, message)) % ORDER;
  const negative = [mod(-owner[0]), owner[1], owner[2], mod(-owner[3])];
  return same(encoded(combined(s, k, negative)), r);
}

const SEEN = new Map();

/** As `signed`; asked the same again it remembers, because every proof carries the same checkpoint. */
function verified(key, message, signature) {
  const name = hex(sha256(key, signature, message));
  if (!SEEN.has(name)) SEEN.set(name, signed(key, message, signature));
  return SEEN.get(name);
}
