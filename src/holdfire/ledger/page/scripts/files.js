// Steps 1 and 2: names, limits, MANIFEST and the files it lists.

/** Names and sizes; true: nothing is wrong with them (nor was before: `quiet`), so the files may be read. */
function checkNames(source, quiet, found) {
  const names = source.names();
  let good = quiet;
  const say = (code, where, why) => {
    good = false;
    found(code, where, why);
  };
  if (names.length > MOST_FILES) say("size", "", "files");
  let total = 0;
  for (const name of names) {
    const code = nameBreaks(name);
    if (code) say(code, name, code === "size" ? "name" : "");
    if (source.sizeOf(name) > LARGEST_FILE) say("size", name, "file");
    if (source.swollen(name)) say("size", name, "swollen");
    total += source.sizeOf(name);
  }
  for (const name of twinsOf(names.filter((each) => !nameBreaks(each)))) say("path", name, "twice");
  if (total > MOST_BYTES) say("size", "", "all");
  return good;
}

/** The lines of a manifest in the form of sha256sum, path to digest; null: it is not, as is then said. */
function manifestOf(bytes, where, found) {
  const text = textOf(bytes);
  if (text === null || (text && !text.endsWith("\n"))) return found("manifest", where);
  const listed = new Map();
  let last = null;
  for (const line of text.split("\n").slice(0, -1)) {
    const parts = /^([0-9a-f]{64}) {2}([^\0-\x1f\x7f]+)$/.exec(line);
    if (!parts) return found("manifest", where);
    const code = nameBreaks(parts[2]);
    if (code) return found(code, parts[2], code === "size" ? "name" : "");
    const path = utf8(parts[2]);
    if (last && order(last, path) >= 0) return found("manifest", where);
    last = path;
    listed.set(parts[2], parts[1]);
  }
  for (const name of twinsOf([...listed.keys()])) found("path", name, "twice");
  return listed;
}

/** Read MANIFEST and hold every file it lists against its digest; returns what it lists, or null. */
async function checkManifest(bundle, found) {
  if (!bundle.has("MANIFEST")) {
    found("missing", "MANIFEST");
    return null;
  }
  const bytes = await bundle.read("MANIFEST");
  const listed = bytes && manifestOf(bytes, "MANIFEST", found);
  if (!listed) return null;
  const accounted = new Set(["MANIFEST", "RELEASE.tlog-proof", "checkpoint", ...listed.keys()]);
  for (const [name, digest] of listed) {
    if (UNLISTED.test(name)) found("manifest", name, "must not");
    else if (!bundle.has(name)) found("missing", name);
    else await checkDigest(bundle, name, digest, found);
    const exhibit = /^exhibits\/(.*)$/s.exec(name);
    if (exhibit && exhibit[1] !== digest) found("digest", name, "exhibit");
  }
  for (const name of bundle.names) {
    if (!accounted.has(name) && !name.startsWith("log/") && !ofTheLog(name, listed)) found("unlisted", name);
  }
  for (const name of proofsOf(listed)) if (!bundle.has(name)) found("missing", name);
  return listed;
}

/** Whether a file is a keyset, a past checkpoint or a proof that has its place in the bundle. */
function ofTheLog(name, listed) {
  const number = /^(?:keys\/(.+)\.tlog-proof|checkpoints\/(.+))$/s.exec(name);
  if (!number) return proofsOf(listed).has(name);
  return number[1] ? decimal(number[1]) > 0 : decimal(number[2]) !== null;
}

/** Names of the proofs of determinations: one for each page of a determination that MANIFEST lists. */
function proofsOf(listed) {
  if (!listed.proofs) {
    listed.proofs = new Set();
    for (const path of listed.keys()) {
      const page = /^bulletin\/determinations\/([^/]+)\.html$/s.exec(path);
      if (page) listed.proofs.add(`proofs/${page[1]}.tlog-proof`);
    }
  }
  return listed.proofs;
}

async function checkDigest(bundle, name, digest, found) {
  const own = await bundle.digest(name);
  if (own && own !== digest) found("digest", name);
}
