// Keysets, and who of the editors signed what: docs/format.md, "keyset: who may sign".

const KEYSET = {
  number: isCount,
  at: isInstant,
  log: isKey,
  editors: isNamed((name) => name !== ""),
  threshold: isCount,
  witnesses: isNamed(isNoteName),
  quorum: isCount,
  fresh_hours: isCount,
  before: isBefore,
  signatures: isSignatures,
};

const RELEASE = {
  period: isText,
  number: isCount,
  version: isCount,
  bulletin: isDigest,
  size: isCount,
  manifest: isDigest,
  contents: isDigest,
  keyset: isDigest,
  at: isInstant,
  expires: isInstant,
  before: isBefore,
  signatures: isSignatures,
};

const REDACTION = { of: isDigest, reason: isText, at: isInstant, by: isText, keyset: isDigest, signatures: isSignatures };

const OPTIONAL = new Set(["by"]);

const SHAPES = { keyset: KEYSET, release: RELEASE, redaction: REDACTION };

function isText(value) {
  return typeof value === "string";
}

function isCount(value) {
  return typeof value === "number" && value >= 0;
}

function isInstant(value) {
  return isText(value) && secondsOf(value) !== null;
}

function isDigest(value) {
  return isText(value) && /^[0-9a-f]{64}$/.test(value);
}

function isBefore(value) {
  return value === "" || isDigest(value);
}

function isKey(value) {
  return (unbase64(value) || []).length === 32;
}

/** Whether a signature line can carry this name (C2SP signed-note). */
function isNoteName(name) {
  return /^[^\p{Z}\p{Cc}+]+$/u.test(name);
}

function isNamed(fits) {
  return (value) => value instanceof Map && [...value].every(([name, key]) => fits(name) && isKey(key));
}

function isSignatures(value) {
  if (!(value instanceof Map)) return false;
  return [...value].every(([id, text]) => /^[0-9a-f]{16}$/.test(id) && (unbase64(text) || []).length === 64);
}

const MOST_ENTRY = 65535;

/** What an entry says: a Map with a `kind`; null: it is none. */
function entryOf(bytes) {
  if (bytes.length > MOST_ENTRY) return null;
  try {
    const value = parsed(bytes);
    return isText(value.get("kind")) ? value : null;
  } catch (error) {
    if (error instanceof NotCanonical) return null;
    throw error;
  }
}

/** Whether an entry is of a kind, and every field in its form where a reader needs it. */
function isShaped(entry, kind) {
  if (!entry || entry.get("kind") !== kind) return false;
  if (!Object.hasOwn(SHAPES, kind)) return true;
  const shape = SHAPES[kind];
  const right = (field) => (entry.has(field) ? shape[field](entry.get(field)) : OPTIONAL.has(field));
  const known = [...entry.keys()].every((field) => field === "kind" || Object.hasOwn(shape, field));
  return known && Object.keys(shape).every(right);
}

const keyId = (key) => hex(sha256(key).subarray(0, 8));

/** A keyset as it is used: keys as bytes, editors by the id of their key. */
class Keyset {
  constructor(entry, bytes, index) {
    const keys = (field) => new Map([...entry.get(field)].map(([name, key]) => [name, unbase64(key)]));
    this.entry = entry;
    this.index = index;
    this.leaf = hex(leafHash(bytes));
    this.number = entry.get("number");
    this.log = unbase64(entry.get("log"));
    this.witnesses = keys("witnesses");
    this.editors = new Map([...keys("editors")].map(([name, key]) => [keyId(key), { name, key }]));
    this.threshold = entry.get("threshold");
    this.quorum = entry.get("quorum");
    this.freshHours = entry.get("fresh_hours");
  }

  /** What keeps this from following another (null: it is the first); empty: nothing. */
  wrong(before) {
    const entry = this.entry;
    const keys = [this.log, ...[...this.editors.values()].map(({ key }) => key), ...this.witnesses.values()];
    if (entry.get("number") !== (before ? before.number + 1 : 1)) return "number";
    if (entry.get("before") !== (before ? before.leaf : "")) return "before";
    if (this.editors.size !== entry.get("editors").size || new Set(keys.map(hex)).size !== keys.length) return "twice";
    if (this.threshold < 2 || this.threshold > this.editors.size) return "threshold";
    if (this.quorum > this.witnesses.size) return "quorum";
    const allowed = before ? new Map([...before.editors, ...this.editors]) : this.editors;
    const signers = signersAmong(entry, allowed);
    if (!signers) return "signature";
    const enough = (set) => [...signers].filter((id) => set.editors.has(id)).length >= set.threshold;
    return enough(this) && (!before || enough(before)) ? "" : "few";
  }
}

/** Ids of the keys that signed an entry; null: a signature is wrong, or of a key that is not among these. */
function signersAmong(entry, editors) {
  const unsigned = new Map([...entry].filter(([field]) => field !== "signatures"));
  const message = utf8(`holdfire-entry/v1\n${canonical(unsigned)}`);
  const signers = new Set();
  for (const [id, signature] of entry.get("signatures")) {
    const editor = editors.get(id);
    if (!editor || !verified(editor.key, message, unbase64(signature))) return null;
    signers.add(id);
  }
  return signers;
}

/** What is wrong with the editors' signatures of a release or redaction; empty: nothing. */
function wrongEditors(entry, keyset) {
  if (!keyset) return "none";
  if (entry.get("keyset") !== keyset.leaf) return "other";
  const signers = signersAmong(entry, keyset.editors);
  if (!signers) return "signature";
  return signers.size < keyset.threshold ? "few" : "";
}
