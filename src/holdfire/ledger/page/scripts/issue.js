// Steps 7 to 11: the release and what it names, proofs of determinations, past checkpoints, what the reader
// saw before, and the time.

/** The release: its proof, its place, its manifest and contents. Returns it proven, or null. */
async function checkRelease(bundle, state, found) {
  const name = "RELEASE.tlog-proof";
  if (!bundle.has(name)) return found("missing", name);
  const proven = await provenEntry(bundle, name, "release", state, found);
  if (!proven) return null;
  state.proofs.push(proven);
  const last = state.releases && state.releases[state.releases.length - 1];
  if (last && last.leaf !== proven.leaf) found("replay", name, "last");
  const keyset = inForce(state.chain || state.keysets, proven.index);
  const wrong = wrongEditors(proven.entry, keyset);
  if (wrong) found("editors", name, wrong);
  if (bundle.has("MANIFEST")) {
    const own = await bundle.digest("MANIFEST");
    if (own && own !== proven.entry.get("contents")) found("mixed", "MANIFEST", "contents");
  }
  await checkBulletin(bundle, proven.entry, found);
  if (state.log) checkBulletinEntry(proven, state.log, found);
  return proven;
}

/** The bulletin's own manifest: the one the release names, and what it lists is what is there. */
async function checkBulletin(bundle, release, found) {
  const name = "bulletin/manifest.txt";
  if (!bundle.has(name)) {
    found("missing", name);
    return;
  }
  const own = await bundle.digest(name);
  if (own && own !== release.get("manifest")) found("mixed", name, "bulletin");
  const bytes = await bundle.read(name);
  const listed = bytes && manifestOf(bytes);
  if (bytes && !listed) found("manifest", name);
  if (!listed) return;
  for (const [inner, digest] of listed) {
    const path = `bulletin/${inner}`;
    if (!bundle.has(path)) found("missing", path);
    else await checkDigest(bundle, path, digest, found);
  }
  for (const path of bundle.under("bulletin/")) {
    if (path !== name && !listed.has(path.slice(9))) found("unlisted", path);
  }
}

/** The entry of the bulletin stands in the log before the release and says the same. */
function checkBulletinEntry(proven, log, found) {
  const { entry, index, name } = proven;
  const bulletin = log.kept.find(({ kind, leaf }) => kind === "bulletin" && leaf === entry.get("bulletin"));
  const agrees = (field) => !bulletin.entry.has(field) || bulletin.entry.get(field) === entry.get(field);
  const needed = ["number", "period", "manifest"];
  if (!bulletin || bulletin.index > index) found("mixed", name, "entry");
  else if (![...needed, "version", "size"].every(agrees) || !needed.every((field) => bulletin.entry.has(field))) {
    found("mixed", name, "entry");
  } else if (entry.get("size") > bulletin.index) found("mixed", name, "size");
}

const inForce = (chain, index) => chain.filter((keyset) => keyset.index < index).pop() || null;

/** One proof for each page of a determination that MANIFEST lists, of an entry the bulletin rests on. */
async function checkDeterminations(bundle, state, found) {
  const wanted = new Set();
  for (const path of (state.listed || new Map()).keys()) {
    const page = /^bulletin\/determinations\/([^/]+)\.html$/s.exec(path);
    if (page) wanted.add(`proofs/${page[1]}.tlog-proof`);
  }
  for (const path of wanted) if (!bundle.has(path)) found("missing", path);
  for (const path of bundle.under("proofs/")) {
    if (state.listed && !wanted.has(path)) {
      found("unlisted", path);
      continue;
    }
    const proven = await provenEntry(bundle, path, "determination", state, found);
    if (!proven) continue;
    state.proofs.push(proven);
    if (`proofs/${proven.entry.get("determination_id")}.tlog-proof` !== path) found("mixed", path, "name");
    else if (state.release && proven.index >= state.release.entry.get("size")) found("mixed", path, "later");
  }
}

/** Every proof carries the newest checkpoint; what signs it there holds as well. */
function checkProofNotes(state, keyset, found) {
  for (const { note, name } of state.proofs) checkSigners(note, name, keyset, state, found);
}

/** Read the checkpoints of before; their sizes are told to `state.sizes`, so that the log gives their roots. */
async function readPast(bundle, state, found) {
  const past = [];
  for (const path of bundle.under("checkpoints/")) {
    const size = decimal(path.slice(12));
    if (size === null) {
      found("unlisted", path);
      continue;
    }
    const bytes = await bundle.read(path);
    const note = bytes && checkpointOf(bytes);
    if (!note || note.size !== size) {
      if (bytes) found("note", path);
      continue;
    }
    state.sizes.add(size);
    past.push({ path, note });
  }
  return past.sort((one, other) => one.note.size - other.note.size);
}

/** Hold past checkpoints against the log; returns since when each witness has cosigned, by name [s]. */
function checkPast(past, state, found) {
  const since = new Map();
  for (const { path, note } of past) {
    if (note.origin !== state.origin) {
      found("foreign", path, "origin");
      continue;
    }
    const keyset = inForce(state.chain || state.keysets, note.size);
    const signers = keyset && checkSigners(note, path, keyset, state, found);
    if (!signers || !signers.log || signers.wrong.length) {
      found("signature", path, "log");
      continue;
    }
    if (note.size > state.newest.size) found("fork", path, "later");
    else if (state.log && !same(rootAt(note.size, state), note.root)) found("fork", path, "root");
    for (const [name, when] of signers.witnesses) if (!since.has(name)) since.set(name, when);
  }
  return since;
}

function rootAt(size, state) {
  if (size === 0) return sha256();
  return size === state.newest.size ? state.newest.root : state.log.roots.get(size);
}

/** Hold the checkpoint against what the reader saw last. */
function checkMemory(state, found) {
  const { seen, newest, log } = state;
  if (!seen) return;
  if (seen.size > newest.size) found("rollback", "checkpoint");
  else if ((log || seen.size === newest.size) && hex(rootAt(seen.size, state)) !== seen.root) {
    found("fork", "checkpoint", "memory");
  }
}

const SLACK = 24 * 3600; // [s] a reader's clock may be this wrong

function checkTime(at, state, found) {
  const { release, signers } = state;
  if (release && at > secondsOf(release.entry.get("expires"))) found("expired", release.name);
  if (release && secondsOf(release.entry.get("at")) > at + SLACK) found("future", release.name);
  if (signers && Math.max(0, ...signers.witnesses.values()) > at + SLACK) found("future", "checkpoint");
}
