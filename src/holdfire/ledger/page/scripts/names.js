// Names of files: which a bundle may hold, which are one on some systems, and what each part of it is.

const MOST_FILES = 200000;
const MOST_BYTES = 4 * 1024 ** 3;
const LARGEST_FILE = 512 * 1024 ** 2;
const LONGEST_PATH = 400;
const LONGEST_PART = 240;

/** Whether a name stays in its folder on every system. */
function staysInside(name) {
  if (/[\\:\0-\x1f\x7f-\x9f]/.test(name)) return false;
  return name.split("/").every((part) => part && part !== "." && part !== "..");
}

const tooLong = (name) =>
  utf8(name).length > LONGEST_PATH || name.split("/").some((part) => utf8(part).length > LONGEST_PART);

/** What a name becomes where case and the form of accents make no difference. */
const folded = (name) => name.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");

/** Names that are one with another on some systems, or that are a file here and a folder there. */
function confusable(names) {
  const found = new Set();
  const first = new Map();
  for (const name of names) {
    const plain = folded(name);
    if (first.has(plain)) found.add(name);
    else first.set(plain, name);
  }
  for (const [plain, name] of first) {
    for (let at = plain.indexOf("/"); at > 0; at = plain.indexOf("/", at + 1)) {
      if (first.has(plain.slice(0, at))) found.add(name);
    }
  }
  return [...found];
}

/** The files that MANIFEST must not list, because each is checked against the log instead. */
const UNLISTED = /^(MANIFEST|RELEASE\.tlog-proof|checkpoint|(checkpoints|keys|proofs|log)\/.*)$/s;

/** The number of a tile as a path: 1234067 is x001/x234/067. */
function tilePath(number) {
  const groups = [];
  for (let rest = number; groups.push(String(rest % 1000).padStart(3, "0")) && rest >= 1000; ) {
    rest = Math.floor(rest / 1000);
  }
  return groups.map((group, i) => (i ? `x${group}` : group)).reverse().join("/");
}

/** How many tiles stand on each level of a tree: hashes there, from the leaves up. */
function levelsOf(size) {
  const widths = [];
  for (let width = size; width > 0; width = Math.floor(width / 256)) widths.push(width);
  return widths;
}

const tileName = (level, number, width) =>
  `log/tile/${level}/${tilePath(number)}${width < 256 ? `.p/${width}` : ""}`;
