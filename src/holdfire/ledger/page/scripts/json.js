// Canonical JSON, read strictly. JSON.parse takes the last of two equal keys, rounds large numbers and lets
// half a surrogate pair through; this reader refuses each. Objects become Maps, so no key is special.

class NotCanonical extends Error {}

const ESCAPED = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const SHORT = { '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const DEEPEST = 100;

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
    this.depth = 0;
  }

  whole() {
    const value = this.value();
    if (this.at !== this.text.length) throw new NotCanonical("something follows the value");
    return value;
  }

  value() {
    const next = this.text[this.at];
    if (next === '"') return this.string();
    if (next === "{") return this.nested(() => this.object());
    if (next === "[") return this.nested(() => this.list());
    for (const [word, value] of [["true", true], ["false", false], ["null", null]]) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.integer();
  }

  nested(read) {
    if (++this.depth > DEEPEST) throw new NotCanonical("it is nested too deep");
    this.at++;
    const value = read();
    this.depth--;
    return value;
  }

  integer() {
    const found = /-?[0-9]+/y;
    found.lastIndex = this.at;
    const digits = (found.exec(this.text) || [""])[0];
    if (!/^(0|-?[1-9][0-9]*)$/.test(digits)) throw new NotCanonical("a value is no integer in its form");
    this.at += digits.length;
    if (/[.eE]/.test(this.text[this.at] || "")) throw new NotCanonical("a number is no integer");
    const value = Number(digits);
    if (!Number.isSafeInteger(value)) throw new NotCanonical("an integer is too large");
    return value;
  }

  string() {
    let value = "";
    for (this.at++; ; this.at++) {
      const next = this.text[this.at];
      if (next === undefined) throw new NotCanonical("a string does not end");
      if (next === '"') break;
      if (next < " ") throw new NotCanonical("a control character is not escaped");
      value += next === "\\" ? this.escape() : next;
    }
    this.at++;
    if (/[\ud800-\udfff]/u.test(value)) throw new NotCanonical("half of a surrogate pair");
    return value;
  }

  escape() {
    const next = this.text[++this.at];
    if (next !== "u") {
      if (!Object.hasOwn(ESCAPED, next)) throw new NotCanonical("an unknown escape");
      return ESCAPED[next];
    }
    const digits = this.text.slice(this.at + 1, this.at + 5);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new NotCanonical("an escape without four digits");
    this.at += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }

  list() {
    const values = [];
    if (this.took("]")) return values;
    do values.push(this.value());
    while (this.took(","));
    this.must("]");
    return values;
  }

  object() {
    const value = new Map();
    if (this.took("}")) return value;
    do {
      if (this.text[this.at] !== '"') throw new NotCanonical("a key is no string");
      const key = this.string();
      if (/[^\0-\x7f]/.test(key)) throw new NotCanonical("a key is not ASCII");
      if (value.has(key)) throw new NotCanonical("a key is given twice");
      this.must(":");
      value.set(key, this.value());
    } while (this.took(","));
    this.must("}");
    return value;
  }

  took(token) {
    if (this.text[this.at] !== token) return false;
    this.at++;
    return true;
  }

  must(token) {
    if (!this.took(token)) throw new NotCanonical(`no ${token} where one must be`);
  }
}

function quoted(text) {
  const escape = (letter) => SHORT[letter] || `\\u00${HEX[letter.charCodeAt(0)]}`;
  return `"${text.replace(/["\\\0-\x1f]/g, escape)}"`;
}

/** The one text of a value. Keys are ASCII, so the order of UTF-16 units is that of code points. */
function canonical(value) {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!(value instanceof Map)) return String(value);
  const keys = [...value.keys()].sort((one, other) => (one < other ? -1 : 1));
  return `{${keys.map((key) => `${quoted(key)}:${canonical(value.get(key))}`).join(",")}}`;
}

/** The object that these bytes are the canonical form of; throws NotCanonical otherwise. */
function parsed(bytes) {
  const text = textOf(bytes);
  if (text === null) throw new NotCanonical("it is not UTF-8");
  const value = new Reader(text).whole();
  if (!(value instanceof Map)) throw new NotCanonical("it is no object");
  if (canonical(value) !== text) throw new NotCanonical("it is not written in canonical form");
  return value;
}
