// Bytes and their spellings. Every reader here refuses what is not the one spelling of its bytes.

const ENCODER = new TextEncoder();

const utf8 = (text) => ENCODER.encode(text);

/** The text of some bytes; null: they are not UTF-8. A byte order mark stays a character, so it is seen. */
function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function same(one, other) {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}

/** Less than, equal to or more than zero, as bytes are ordered. */
function order(one, other) {
  const shared = Math.min(one.length, other.length);
  for (let i = 0; i < shared; i++) if (one[i] !== other[i]) return one[i] - other[i];
  return one.length - other.length;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hex(bytes) {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const SIXES = new Map([...ALPHABET].map((letter, six) => [letter, six]));

/** The bytes of base64 (RFC 4648 section 4, padded); null: not that, or another spelling of the same bytes. */
function unbase64(text) {
  if (typeof text !== "string" || text.length % 4) return null;
  const pad = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - pad);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < text.length - pad; i++) {
    const six = SIXES.get(text[i]);
    if (six === undefined) return null;
    bits = ((bits << 6) | six) & 0xfff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = (bits >> held) & 255;
    }
  }
  return bits & ((1 << held) - 1) ? null : bytes; // bits left over must be zero
}

function base64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const three = (bytes[i] << 16) | ((bytes[i + 1] || 0) << 8) | (bytes[i + 2] || 0);
    text += ALPHABET[three >> 18] + ALPHABET[(three >> 12) & 63];
    text += i + 1 < bytes.length ? ALPHABET[(three >> 6) & 63] : "=";
    text += i + 2 < bytes.length ? ALPHABET[three & 63] : "=";
  }
  return text;
}

/** A whole number in decimal without leading zeros; null: not that, or too large to be exact. */
function decimal(text) {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return null;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : null;
}

/** Seconds since 1970 of an instant such as 2016-02-27T00:00Z; null: no such instant. */
function secondsOf(text) {
  const parts = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?Z$/.exec(text);
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part || 0));
  const when = new Date(0);
  when.setUTCFullYear(year, month - 1, day);
  when.setUTCHours(hour, minute, second);
  const kept = when.getUTCMonth() === month - 1 && when.getUTCDate() === day;
  return year && kept && hour < 24 && minute < 60 && second < 60 ? when.getTime() / 1000 : null;
}
