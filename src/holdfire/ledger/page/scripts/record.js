// Steps 3 to 6: the checkpoint, the keysets, the signatures, the whole log from its tiles, and what
// editors signed in it.

/** Read a proof and hold it against the newest checkpoint; null: it failed, and why has been said. */
async function readProof(bundle, name, state, found) {
  const bytes = await bundle.read(name);
  if (!bytes) return null;
  const proof = proofOf(bytes);
  if (!proof) return found("note", name);
  if (proof.note.text !== state.newest.text) return found("mixed", name, "tree");
  const leaf = leafHash(proof.entry);
  if (!included(leaf, proof.index, state.newest.size, proof.hashes, state.newest.root)) return found("proof", name);
  return { leaf: hex(leaf), bytes: proof.entry, index: proof.index, note: proof.note, name };
}

/** As `readProof`, with the entry itself, which must be of this kind. */
async function provenEntry(bundle, name, kind, state, found) {
  const proven = await readProof(bundle, name, state, found);
  const entry = proven && entryOf(proven.bytes);
  if (proven && !isShaped(entry, kind)) return found("entry", name);
  return proven && { ...proven, entry };
}

/** The newest checkpoint; null: there is none in its form. */
async function readCheckpoint(bundle, found) {
  if (!bundle.has("checkpoint")) return found("missing", "checkpoint");
  const bytes = await bundle.read("checkpoint");
  if (!bytes) return null;
  return checkpointOf(bytes) || found("note", "checkpoint");
}

/** Every keyset from 1 on; null: they do not follow from the reader's fingerprint. */
async function readKeysets(bundle, state, trust, found) {
  const keysets = [];
  const numbers = bundle.under("keys/").map((name) => decimal(name.slice(5, -11)) || 0);
  const last = Math.min(Math.max(1, ...numbers), MOST_FILES);
  for (let number = 1; number <= last; number++) {
    const name = `keys/${number}.tlog-proof`;
    if (!bundle.has(name)) return found("missing", name);
    const proven = await readProof(bundle, name, state, found);
    if (!proven) return null;
    state.proofs.push(proven);
    if (number === 1 && trust && !trust.fits(proven.leaf)) return found("foreign", name, "fingerprint");
    const entry = entryOf(proven.bytes);
    if (!isShaped(entry, "keyset")) return found("entry", name);
    const keyset = new Keyset(entry, proven.bytes, proven.index);
    if (number === 1) {
      state.fingerprint = keyset.leaf;
      state.origin = originOf(keyset.log);
      if (state.newest.origin !== state.origin) return found("foreign", "checkpoint", "origin");
    }
    const wrong = keyset.wrong(keysets[number - 2] || null);
    if (wrong) return found("keyset", name, wrong);
    keysets.push(keyset);
  }
  return keysets;
}

const originOf = (key) => `holdfire/${hex(sha256(key).subarray(0, 8))}`;

/** Hold a checkpoint's lines against a keyset; returns who signed it. */
function checkSigners(note, name, keyset, state, found) {
  const signers = signersOf(note, state.origin, keyset);
  if (signers.wrong.length) found("signature", name, "wrong");
  if (!signers.log) found("signature", name, "log");
  return signers;
}

/** Read the log from its tiles. Returns its entries of the kinds a reader needs, or null. */
async function readLog(bundle, state, found) {
  const { size, root } = state.newest;
  const expected = expectedTiles(bundle, size, found);
  if (!expected) return null;
  const log = { tree: new Tree(), roots: new Map(), kept: [], leaves: new Set() };
  let hashes = [];
  let whole = true;
  for (const [i, { name, tile, width }] of expected.entries.entries()) {
    const [entries, tiles] = [await bundle.read(name), await bundle.read(tile)];
    const contents = entries && entriesIn(entries, width);
    if (!contents || !tiles) {
      if (entries && tiles) found("log", name);
      return null;
    }
    const leaves = takeEntries(contents, i * 256, log, state, found);
    if (!same(joined(...leaves), tiles)) whole = found("log", tile) || false;
    if (width === 256) hashes.push(subtree(leaves));
    if (i % 16 === 15) await pause();
  }
  for (let level = 1; hashes.length; level++) {
    const above = await checkLevel(bundle, level, hashes, found);
    whole &&= above !== null;
    hashes = above || [];
  }
  if (!same(log.tree.root(), root)) return found("log", "checkpoint", "root");
  return whole ? log : null;
}

/** Names of the tiles a log of this size has; says what is missing or too much. */
function expectedTiles(bundle, size, found) {
  if (size > MOST_FILES * 256) return found("missing", "log/tile");
  const known = new Set();
  const entries = [];
  for (const [level, width] of levelsOf(size).entries()) {
    for (let number = 0; number * 256 < width; number++) {
      const here = Math.min(256, width - number * 256);
      const tile = tileName(level, number, here);
      known.add(tile);
      if (level) continue;
      const name = tileName("entries", number, here);
      known.add(name);
      entries.push({ name, tile, width: here });
    }
  }
  const missing = [...known].filter((name) => !bundle.has(name));
  const extra = bundle.under("log/").filter((name) => !known.has(name));
  for (const name of missing.slice(0, MOST_SAID)) found("missing", name);
  for (const name of extra.slice(0, MOST_SAID)) found("unlisted", name);
  return missing.length ? null : { entries };
}

/** The entries of a tile; null: it does not hold so many and nothing else. */
function entriesIn(bytes, width) {
  const contents = [];
  let at = 0;
  while (at + 2 <= bytes.length && contents.length < width) {
    const end = at + 2 + ((bytes[at] << 8) | bytes[at + 1]);
    if (end > bytes.length) return null;
    contents.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return at === bytes.length && contents.length === width ? contents : null;
}

/** Take up the entries of a tile, the first of them at a place in the log; returns their leaf hashes. */
function takeEntries(contents, first, log, state, found) {
  return contents.map((content, i) => {
    const leaf = leafHash(content);
    const name = hex(leaf);
    const where = `entry ${first + i}`;
    if (log.leaves.has(name)) found("log", where, "twice");
    log.leaves.add(name);
    const entry = entryOf(content);
    if (!entry) found("entry", where, "log");
    else if (KEPT.has(entry.get("kind"))) {
      log.kept.push({ kind: entry.get("kind"), entry, leaf: name, index: first + i, bytes: content.slice() });
    }
    log.tree.add(leaf);
    if (state.sizes.has(log.tree.size)) log.roots.set(log.tree.size, log.tree.root());
    return leaf;
  });
}

const MOST_SAID = 20;
const KEPT = new Set(["keyset", "release", "redaction", "bulletin"]);

function subtree(hashes) {
  let level = hashes;
  while (level.length > 1) {
    const next = [];
    for (let i = 0; i < level.length; i += 2) next.push(nodeHash(level[i], level[i + 1]));
    level = next;
  }
  return level[0];
}

/** Hold the tiles of a level against the hashes of the full tiles below; returns the hashes of its own. */
async function checkLevel(bundle, level, hashes, found) {
  const above = [];
  for (let i = 0; i * 256 < hashes.length; i++) {
    const here = hashes.slice(i * 256, i * 256 + 256);
    const name = tileName(level, i, here.length);
    const bytes = await bundle.read(name);
    if (!bytes) return null;
    if (!same(bytes, joined(...here))) return found("log", name);
    if (here.length === 256) above.push(subtree(here));
  }
  return above;
}

/** Every keyset, release and redaction of the log, in its order. */
function checkSigned(log, state, found) {
  const chain = [];
  let release = null;
  for (const { kind, entry, leaf, index, bytes } of log.kept) {
    const where = `entry ${index}`;
    const keyset = chain[chain.length - 1] || null;
    if (!isShaped(entry, kind)) found("entry", where);
    else if (kind === "keyset") {
      const next = new Keyset(entry, bytes, index);
      const wrong = next.wrong(keyset);
      if (wrong) found("keyset", where, wrong);
      else chain.push(next);
    } else if (kind !== "bulletin") {
      const wrong = wrongEditors(entry, keyset);
      if (wrong) found("editors", where, wrong);
      if (kind === "redaction") continue;
      if (entry.get("before") !== (release ? release.leaf : "")) found("replay", where);
      release = { leaf, index };
    }
  }
  for (const { number } of chain.slice(state.keysets.length)) found("missing", `keys/${number}.tlog-proof`);
  log.release = release;
}
