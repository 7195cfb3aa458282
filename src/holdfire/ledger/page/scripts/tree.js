// The Merkle tree of RFC 6962 section 2.1, and proofs as RFC 9162 section 2.1.3.2 walks them.

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

const leafHash = (entry) => sha256(LEAF, entry);
const nodeHash = (left, right) => sha256(NODE, left, right);

/** A tree that grows at its end and tells its root: as many hashes as its size has binary ones. */
class Tree {
  constructor() {
    this.size = 0;
    this.peaks = [];
  }

  add(leaf) {
    let top = leaf;
    for (let size = this.size; size % 2; size = (size - 1) / 2) top = nodeHash(this.peaks.pop(), top);
    this.peaks.push(top);
    this.size++;
  }

  root() {
    if (!this.size) return sha256();
    return this.peaks.reduceRight((right, left) => nodeHash(left, right));
  }
}

/** Whether a proof leads from a leaf, at its place in a tree of this size, to this root. */
function included(leaf, index, size, proof, root) {
  if (index >= size) return false;
  let place = BigInt(index);
  let last = BigInt(size - 1);
  let top = leaf;
  for (const other of proof) {
    if (last === 0n) return false;
    if (place & 1n || place === last) {
      top = nodeHash(other, top);
      while (place && !(place & 1n)) [place, last] = [place >> 1n, last >> 1n];
    } else {
      top = nodeHash(top, other);
    }
    [place, last] = [place >> 1n, last >> 1n];
  }
  return last === 0n && same(top, root);
}
