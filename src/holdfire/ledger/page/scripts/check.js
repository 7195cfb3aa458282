// The steps of docs/format.md, in its order. What rests on a step that failed is left out.

/** What a reader brings as a fingerprint, 64 hexadecimal digits or the short code; null: neither. */
function trustOf(text) {
  const plain = String(text || "")
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/[\s\u200e\u200f\u2066-\u2069]/g, "")
    .toLowerCase();
  if (!plain) return null;
  if (/^[0-9a-f]{64}$/.test(plain)) return { whole: true, text: plain, fits: (leaf) => leaf === plain };
  const digits = plain.replace(/[-\u2010-\u2013]/g, "");
  if (!/^[0-9]{19}$/.test(digits)) throw new AskedWrongly("fingerprint");
  return { whole: false, text: digits, fits: (leaf) => shortCode(leaf).replaceAll("-", "") === digits };
}

/** The reader asked in a form that is none: "fingerprint", "memory" or "at". */
class AskedWrongly extends Error {}

function shortCode(fingerprint) {
  const digits = BigInt(`0x${fingerprint.slice(0, 15)}`).toString().padStart(19, "0");
  return [0, 5, 10, 15].map((from) => digits.slice(from, from + 5)).join("-");
}

/** What a reader saw last, of each record by its fingerprint: an object of {root, size}. */
function memoryOf(value) {
  const seen = new Map(Object.entries(value || {}));
  for (const [fingerprint, each] of seen) {
    const { root, size } = each || {};
    const good = isDigest(fingerprint) && isDigest(root) && Number.isSafeInteger(size) && size >= 0;
    if (!good) throw new AskedWrongly("memory");
  }
  return seen;
}

function timeOf(value) {
  const seconds = typeof value === "string" ? secondsOf(value) : value;
  if (value === undefined || value === null) return Math.floor(Date.now() / 1000);
  if (!Number.isFinite(seconds)) throw new AskedWrongly("at");
  return seconds;
}

const pause = () => new Promise((done) => setTimeout(done));

async function opened(given, found) {
  if (given instanceof Map) return new Folder(given);
  return new Zip(given instanceof Uint8Array ? new Blob([given]) : given).open(found);
}

/**
 * Check a bundle.
 *
 * `given` is a Map of names to bytes (or Files), or the bytes (or Blob) of a zip. Options: `fingerprint` (text),
 * `memory`, `at` (an instant or seconds since 1970; now if absent), `progress` (told a share from 0 to 1).
 * Gives {ok, findings: [{code, where, why}], facts, memory}; throws AskedWrongly.
 */
async function check(given, { fingerprint, memory, at, progress = () => {} } = {}) {
  const trust = trustOf(fingerprint);
  const asked = { trust, memory: memoryOf(memory), at: timeOf(at) };
  const findings = [];
  const found = (code, where, why = "") => {
    if (!findings.some((each) => each.code === code && each.where === where)) findings.push({ code, where, why });
    return null;
  };
  let facts = null;
  try {
    const source = await opened(given, found);
    if (checkNames(source, !findings.length, found)) facts = await checkContents(new Bundle(source, found, progress), asked, found);
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    found(error.code, error.where, error.why);
  }
  if (!trust) found("trust", "");
  const ok = findings.length === 0;
  return { ok, findings, facts, memory: ok ? { [facts.fingerprint]: { root: facts.root, size: facts.size } } : null };
}

async function checkContents(bundle, { trust, memory, at }, found) {
  const listed = await checkManifest(bundle, found);
  if (!bundle.has("bulletin/manifest.txt")) found("missing", "bulletin/manifest.txt");
  await checkBulletin(bundle, listed, found);
  const state = { listed, proofs: [], sizes: new Set(), newest: await readCheckpoint(bundle, found) };
  state.keysets = state.newest && (await readKeysets(bundle, state, trust, found));
  if (!state.keysets) return null;
  const keyset = state.keysets[state.keysets.length - 1];
  state.signers = checkSigners(state.newest, "checkpoint", keyset, state, found);
  if (state.signers.witnesses.size < keyset.quorum) found("witnesses", "checkpoint");
  state.seen = memory.get(state.fingerprint) || null;
  if (state.seen) state.sizes.add(state.seen.size);
  const past = await readPast(bundle, state);
  state.log = await readLog(bundle, state, found);
  if (state.log) checkSigned(state.log, state, found);
  state.release = await checkRelease(bundle, state, found);
  if (state.release) await checkDeterminations(bundle, state, found);
  for (const { note, name } of state.proofs) checkSigners(note, name, keyset, state, found);
  const seen = state.log ? checkPast(past, state, found) : [];
  if (state.log) checkMemory(state, found);
  checkTime(at, state, found);
  return state.release && factsOf(state, keyset, seen, at);
}

/** What a reader may say after a yes. */
function factsOf(state, keyset, seen, at) {
  const { entry, index } = state.release;
  const editors = inForce(state.keysets, index);
  const signers = (editors && signersAmong(entry, editors.editors)) || [];
  const witnesses = [...state.signers.witnesses].sort();
  const newest = Math.max(0, ...witnesses.map(([, when]) => when));
  const field = (name) => entry.get(name);
  const since = ([name, when]) => {
    const key = hex(keyset.witnesses.get(name));
    return Math.min(when, ...seen.filter((each) => each[0] === name && each[1] === key).map((each) => each[2]));
  };
  return {
    number: field("number"),
    period: field("period"),
    version: field("version"),
    at: field("at"),
    expires: field("expires"),
    fingerprint: state.fingerprint,
    shortCode: shortCode(state.fingerprint),
    origin: state.origin,
    size: state.newest.size,
    keyset: keyset.number,
    editors: [...signers].map((id) => editors.editors.get(id).name).sort(),
    witnesses: witnesses.map((each) => ({ name: each[0], at: each[1], since: since(each) })),
    quorum: keyset.quorum,
    cosigned: newest || null,
    hours: newest ? Math.max(0, Math.floor((at - newest) / 3600)) : null,
    stale: keyset.freshHours > 0 && at - newest > keyset.freshHours * 3600,
    root: hex(state.newest.root),
  };
}
