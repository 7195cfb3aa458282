// Steps 1 and 2: names, limits, MANIFEST and the files it lists.

/** Names, kinds of file and sizes; true: nothing is wrong with them, so the files may be read. */
function checkNames(source, found) {
  const names = source.names();
  let good = true;
  const say = (code, where, why) => {
    good = false;
    found(code, where, why);
  };
  for (const [code, where] of source.problems) say(code, where);
  if (names.length > MOST_FILES) say("size", "", "files");
  let total = 0;
  for (const name of names) {
    if (!staysInside(name)) say("path", name);
    if (tooLong(name)) say("size", name, "name");
    if (source.sizeOf(name) > LARGEST_FILE) say("size", name, "file");
    if (source.swollen(name)) say("size", name, "swollen");
    total += source.sizeOf(name);
  }
  for (const name of confusable(names)) say("path", name, "twice");
  if (total > MOST_BYTES) say("size", "", "all");
  return good;
}

/** The lines of a manifest in the form of sha256sum, path to digest; null: it is not in that form. */
function manifestOf(bytes) {
  const text = textOf(bytes);
  if (text === null || (text && !text.endsWith("\n"))) return null;
  const listed = new Map();
  let last = null;
  for (const line of text.split("\n").slice(0, -1)) {
    const parts = /^([0-9a-f]{64}) {2}(.+)$/s.exec(line);
    if (!parts || !staysInside(parts[2])) return null;
    const path = utf8(parts[2]);
    if (last && order(last, path) >= 0) return null;
    last = path;
    listed.set(parts[2], parts[1]);
  }
  return listed;
}

/** Read MANIFEST and hold every file it lists against its digest; returns what it lists, or null. */
async function checkManifest(bundle, found) {
  if (!bundle.has("MANIFEST")) {
    found("missing", "MANIFEST");
    return null;
  }
  const bytes = await bundle.read("MANIFEST");
  const listed = bytes && manifestOf(bytes);
  if (!listed) {
    if (bytes) found("manifest", "MANIFEST");
    return null;
  }
  for (const [name, digest] of listed) {
    if (UNLISTED.test(name)) found("manifest", name, "must not");
    else if (!bundle.has(name)) found("missing", name);
    else await checkDigest(bundle, name, digest, found);
    const exhibit = /^exhibits\/(.*)$/s.exec(name);
    if (exhibit && exhibit[1] !== digest) found("digest", name, "exhibit");
  }
  for (const name of bundle.names) {
    if (!listed.has(name) && !UNLISTED.test(name)) found("unlisted", name);
  }
  return listed;
}

async function checkDigest(bundle, name, digest, found) {
  const own = await bundle.digest(name);
  if (own && own !== digest) found("digest", name);
}
