// Names of files: which a bundle may hold, which are one on some systems, and what each part of it is.

const MOST_FILES = 200000;
const MOST_BYTES = 4 * 1024 ** 3;
const LARGEST_FILE = 512 * 1024 ** 2;
const LONGEST_PATH = 400;
const LONGEST_PART = 240;

/** The code of what is wrong with a name; empty: nothing. */
function nameBreaks(name) {
  const parts = name.split("/");
  if (/[\\:\0-\x1f\x7f]/.test(name) || parts.some((part) => !part || part === "." || part === "..")) return "path";
  if (!name.isWellFormed()) return "path";
  return utf8(name).length > LONGEST_PATH || parts.some((part) => utf8(part).length > LONGEST_PART) ? "size" : "";
}

/** What a name becomes where case and the form of accents make no difference (Unicode's full case folding). */
function folded(name) {
  const fold = (letter) => (letter === "\u0131" ? letter : letter.toLowerCase().toUpperCase().toLowerCase());
  return [...name.normalize("NFC")].map(fold).join("").normalize("NFC");
}

/** Names that are one with another on some systems, or that are a file here and a folder there. */
function twinsOf(names) {
  const spelled = new Map();
  const files = new Set(names);
  const found = [];
  for (const name of [...names].sort()) {
    const parts = name.split("/");
    for (let n = 1; n <= parts.length; n++) {
      const way = parts.slice(0, n).join("/");
      const plain = folded(way);
      if (!spelled.has(plain)) spelled.set(plain, way);
      if (spelled.get(plain) === way && (n === parts.length || !files.has(way))) continue;
      found.push(name);
      break;
    }
  }
  return found;
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
