// Signed notes, checkpoints, cosignatures and proofs, as C2SP writes them (signed-note, tlog-checkpoint,
// tlog-cosignature, tlog-proof). A reader here returns null for what is not in its form.

const PROOF_HEAD = "c2sp.org/tlog-proof@v1";
const LONGEST_NOTE = 65536;
const MOST_LINES = 100;

/** A signed note: its text, and the lines that sign it, not yet verified. */
function noteOf(bytes) {
  const whole = bytes.length > LONGEST_NOTE ? null : textOf(bytes);
  if (whole === null || /[\0-\x09\x0b-\x1f]/.test(whole)) return null;
  const cut = whole.lastIndexOf("\n\n");
  if (cut < 0 || !whole.endsWith("\n")) return null;
  const signatures = whole.slice(cut + 2, -1).split("\n").map(signatureLine);
  if (signatures.includes(null) || signatures.length > MOST_LINES) return null;
  return { text: whole.slice(0, cut + 1), signatures };
}

/** A checkpoint: a note whose text is three lines, the origin, the size and the root. */
function checkpointOf(bytes) {
  const note = noteOf(bytes);
  const lines = note ? note.text.split("\n") : [];
  if (lines.length !== 4 || lines[3] || !isNoteName(lines[0])) return null;
  const [size, root] = [decimal(lines[1]), unbase64(lines[2])];
  return size === null || !root || root.length !== 32 ? null : { ...note, origin: lines[0], size, root };
}

function signatureLine(line) {
  const parts = /^— ([^\p{Z}\p{Cc}+]+) ([^ ]+)$/u.exec(line);
  const bytes = parts && unbase64(parts[2]);
  return bytes && bytes.length > 4 ? { name: parts[1], id: hex(bytes.subarray(0, 4)), bytes: bytes.subarray(4) } : null;
}

const noteKeyId = (name, type, key) => hex(sha256(utf8(`${name}\n`), Uint8Array.of(type), key).subarray(0, 4));

/**
 * Who signed a checkpoint, of the keys of a keyset.
 *
 * Gives `log` (true: its signature is there), `witnesses` (name to the seconds of its latest cosignature), and
 * `wrong` (names under which a known key's line does not verify). Lines of unknown keys are ignored.
 */
function signersOf(note, origin, keyset) {
  const found = { log: false, witnesses: new Map(), wrong: [] };
  const text = utf8(note.text);
  const logId = noteKeyId(origin, 1, keyset.log);
  const witnessIds = new Map([...keyset.witnesses].map(([name, key]) => [name, noteKeyId(name, 4, key)]));
  for (const { name, id, bytes } of note.signatures) {
    if (name === origin && id === logId) {
      if (verified(keyset.log, text, bytes)) found.log = true;
      else found.wrong.push(name);
    } else if (witnessIds.get(name) === id) {
      const when = cosignedAt(keyset.witnesses.get(name), text, bytes);
      if (when === null) found.wrong.push(name);
      else found.witnesses.set(name, Math.max(when, found.witnesses.get(name) || 0));
    }
  }
  return found;
}

function cosignedAt(key, text, bytes) {
  if (bytes.length !== 72) return null;
  const when = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  const message = joined(utf8(`cosignature/v1\ntime ${when}\n`), text);
  return when < 1n << 63n && verified(key, message, bytes.subarray(8)) ? Number(when) : null;
}

/** A proof: the entry's bytes, its index, the hashes that lead to the root, and the checkpoint. */
function proofOf(bytes) {
  const whole = textOf(bytes);
  const cut = whole === null ? -1 : whole.indexOf("\n\n");
  if (cut < 0) return null;
  const [head, extra, place, ...lines] = whole.slice(0, cut).split("\n");
  if (head !== PROOF_HEAD || !/^extra ./.test(extra || "") || !/^index /.test(place || "")) return null;
  const entry = unbase64(extra.slice(6));
  const index = decimal(place.slice(6));
  const hashes = lines.map(unbase64);
  const note = noteOf(utf8(whole.slice(cut + 2)));
  if (!entry || index === null || !note || hashes.length > 63) return null;
  if (hashes.some((hash) => !hash || hash.length !== 32)) return null;
  return { entry, index, hashes, note };
}
