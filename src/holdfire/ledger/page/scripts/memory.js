// What the reader saw last, of each record by its fingerprint: the same JSON that `verify.py --memory` keeps.

const SHELF = "holdfire.seen";
let seen = {};

function remembered() {
  try {
    const kept = JSON.parse(localStorage.getItem(SHELF) || "{}");
    holdfireCore.memoryOf(kept);
    seen = kept;
  } catch {
    // No storage here, as in some browsers for a page from disk, or not ours: begin with what this page knows.
  }
  return seen;
}

/** Keep what a yes showed; never go back to less than was seen. Returns whether it will outlast the page. */
function remember(memory) {
  const kept = { ...remembered() };
  for (const [fingerprint, each] of Object.entries(memory)) {
    if (!kept[fingerprint] || kept[fingerprint].size <= each.size) kept[fingerprint] = each;
  }
  seen = kept;
  try {
    localStorage.setItem(SHELF, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

function saveMemory() {
  const seen = remembered();
  const lines = Object.keys(seen).sort().map((name) => {
    const { root, size } = seen[name];
    return ` ${JSON.stringify(name)}: {"root": ${JSON.stringify(root)}, "size": ${size}}`;
  });
  const address = URL.createObjectURL(new Blob([`{\n${lines.join(",\n")}\n}\n`], { type: "application/json" }));
  element("a", { href: address, download: "holdfire-memory.json" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

async function loadMemory(file) {
  try {
    const memory = JSON.parse(await file.text());
    if (memory === null || typeof memory !== "object" || Array.isArray(memory)) throw new TypeError();
    holdfireCore.memoryOf(memory);
    remember(memory);
    tell("memory loaded");
  } catch {
    tell("memory bad");
  }
}
