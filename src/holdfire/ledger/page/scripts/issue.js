// Steps 7 to 11: the release and what it names, proofs of determinations, past checkpoints, what the reader
// saw before, and the time.

/** The release: its proof, its place, its manifest and contents. Returns it proven, or null. */
async function checkRelease(bundle, state, found) {
  const name = "RELEASE.tlog-proof";
  if (!bundle.has(name)) return found("missing", name);
  const proven = await provenEntry(bundle, name, "release", state, found);
  if (!proven) return null;
  state.proofs.push(proven);
  if (state.log && state.log.release?.index !== proven.index) found("replay", name, "last");
  for (const [path, field] of [["MANIFEST", "contents"], ["bulletin/manifest.txt", "manifest"]]) {
    const own = await bundle.digest(path);
    if (own && own !== proven.entry.get(field)) found("mixed", path, field);
  }
  if (state.log) checkBulletinEntry(proven, state.log, found);
  return proven;
}

/** What the bulletin's own manifest lists is what MANIFEST lists. */
async function checkBulletin(bundle, listed, found) {
  const name = "bulletin/manifest.txt";
  const bytes = listed && (await bundle.read(name));
  const inner = bytes && manifestOf(bytes, name, found);
  for (const [path, digest] of inner || []) {
    const whole = `bulletin/${path}`;
    if (!listed.has(whole)) found("missing", whole);
    else if (listed.get(whole) !== digest) found("digest", whole);
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

/** The proof of each determination that has a page: of its entry, among those the bulletin rests on. */
async function checkDeterminations(bundle, state, found) {
  for (const path of state.listed ? [...proofsOf(state.listed)].sort() : []) {
    const proven = bundle.has(path) && (await provenEntry(bundle, path, "determination", state, found));
    if (!proven) continue;
    state.proofs.push(proven);
    const named = `proofs/${proven.entry.get("determination_id")}.tlog-proof` === path;
    if (!named || proven.index >= state.release.entry.get("size")) found("mixed", path, "name");
  }
}

/** Read the checkpoints of before; their sizes are told to `state.sizes`, so that the log gives their roots. */
async function readPast(bundle, state) {
  const past = [];
  for (const path of bundle.under("checkpoints/")) {
    const size = decimal(path.slice(12));
    const bytes = size === null ? null : await bundle.read(path);
    if (!bytes) continue; // said with the names, or by the reader of files
    state.sizes.add(size);
    past.push({ path, size, note: checkpointOf(bytes) });
  }
  return past.sort((one, other) => one.size - other.size);
}

/** Hold past checkpoints against the log; returns who cosigned them, as [name, key, seconds]. */
function checkPast(past, state, found) {
  const seen = [];
  for (const { path, size, note } of past) {
    if (!note || note.size !== size) {
      found("note", path);
      continue;
    }
    const keyset = inForce(state.keysets, note.size);
    if (note.origin !== state.origin || !keyset) {
      found("foreign", path, "origin");
      continue;
    }
    const signers = checkSigners(note, path, keyset, state, found);
    for (const [name, when] of signers.witnesses) seen.push([name, hex(keyset.witnesses.get(name)), when]);
    if (!signers.log || signers.wrong.length) continue;
    if (note.size > state.newest.size) found("fork", path, "later");
    else if (!same(rootAt(note.size, state), note.root)) found("fork", path, "root");
  }
  return seen;
}

function rootAt(size, state) {
  if (size === 0) return sha256();
  return size === state.newest.size ? state.newest.root : state.log.roots.get(size);
}

/** Hold the checkpoint against what the reader saw last. */
function checkMemory(state, found) {
  const { seen, newest } = state;
  if (!seen) return;
  if (seen.size > newest.size) found("rollback", "checkpoint");
  else if (hex(rootAt(seen.size, state)) !== seen.root) found("fork", "checkpoint", "memory");
}

const SLACK = 24 * 3600; // [s] a reader's clock may be this wrong

function checkTime(at, state, found) {
  const { release, signers } = state;
  if (release && at > secondsOf(release.entry.get("expires"))) found("expired", release.name);
  if (release && secondsOf(release.entry.get("at")) > at + SLACK) found("future", release.name);
  if (signers && Math.max(0, ...signers.witnesses.values()) > at + SLACK) found("future", "checkpoint");
}
