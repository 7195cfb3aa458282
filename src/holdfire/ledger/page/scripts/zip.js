// A zip read so that every program that unpacks it sees the same files: the directory must agree with each
// member's own header, members follow one another without a gap, and nothing unpacks to more than it declares.
// docs/format.md, "The bundle"; PKWARE APPNOTE 6.3.10, section 4.3. It may be large, so it is read in pieces.

class Damaged extends Error {
  constructor(code, where, why = "") {
    super(code);
    Object.assign(this, { code, where, why });
  }
}

const END = 0x06054b50;
const MEMBER = 0x02014b50;
const LOCAL = 0x04034b50;
const MOST_MEMBERS = 65534;
const SMALL_ARCHIVE = 256 * 1024 ** 2;
const SMALL_MEMBER = 4 * 1024 ** 2;
const LARGEST_DIRECTORY = 64 * 1024 ** 2;
const UNICODE_PATH = 0x7075;

const CRC = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crcOf(bytes, before) {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = CRC[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return ~crc;
}

class Zip {
  constructor(blob) {
    this.blob = blob;
    this.members = new Map();
    this.whole = null; // of a small archive all bytes are kept, which is faster than piece by piece
  }

  async piece(from, to) {
    if (from < 0 || to > this.blob.size || from > to) throw new Damaged("zip", "");
    return new DataView((await this.slice(from, to)).buffer);
  }

  async slice(from, to) {
    if (this.whole) return this.whole.slice(from, to);
    return new Uint8Array(await this.blob.slice(from, to).arrayBuffer());
  }

  /** Read the directory and every local header; says what is no plain file, or has no good name. */
  async open(found) {
    if (this.blob.size <= SMALL_ARCHIVE) this.whole = new Uint8Array(await this.blob.arrayBuffer());
    const { start, end, count } = await this.end();
    if (end - start > LARGEST_DIRECTORY) throw new Damaged("size", "");
    const directory = await this.piece(start, end);
    let at = 0;
    let data = 0;
    for (let i = 0; i < count; i++) {
      const member = memberOf(directory, at);
      at = member.next;
      if (this.members.has(member.name)) throw new Damaged("zip", member.name, "twice");
      this.members.set(member.name, member);
      if (member.link) found("link", member.name);
      const code = nameBreaks(member.folder ? member.name.slice(0, -1) : member.name);
      if (code) found(code, member.name, code === "size" ? "name" : "");
    }
    if (at !== end - start) throw new Damaged("zip", "");
    for (const member of [...this.members.values()].sort((one, other) => one.at - other.at)) {
      if (member.at !== data) throw new Damaged("zip", member.name, "overlap");
      const head = await this.piece(data, Math.min(start, data + 30 + member.raw.length + 0xffff));
      member.data = data + localLength(head, member);
      data = member.data + member.packed;
    }
    if (data !== start) throw new Damaged("zip", "", "overlap");
    for (const [name, member] of this.members) if (member.folder) this.members.delete(name);
    return this;
  }

  /** Where the directory is, by the end record that the file must end with. */
  async end() {
    const { size } = this.blob;
    const view = await this.piece(size - 22, size);
    const [disk, first, here, count] = [4, 6, 8, 10].map((at) => view.getUint16(at, true));
    const [bytes, start] = [12, 16].map((at) => view.getUint32(at, true));
    const plain = view.getUint32(0, true) === END && !disk && !first && here === count && !view.getUint16(20, true);
    if (!plain || count > MOST_MEMBERS || start + bytes !== size - 22) throw new Damaged("zip", "");
    return { start, end: size - 22, count };
  }

  names() {
    return [...this.members.keys()];
  }

  sizeOf(name) {
    return this.members.get(name).size;
  }

  /** What a member unpacks to, as a stream. */
  async stream({ data, packed, method }) {
    const small = packed <= SMALL_MEMBER ? await this.slice(data, data + packed) : null;
    const unpacking = method ? new DecompressionStream("deflate-raw") : new TransformStream();
    if (!small) return this.blob.slice(data, data + packed).stream().pipeThrough(unpacking);
    const writer = unpacking.writable.getWriter();
    for (const step of [writer.write(small), writer.close()]) step.catch(() => {}); // the reader is told as well
    return unpacking.readable;
  }

  /** Whether a member promises more than its packed bytes may hold. */
  swollen(name) {
    const { size, packed } = this.members.get(name);
    return size > 1024 ** 2 && size > 1000 * packed;
  }

  /** Yield the bytes of a member; throws Damaged once they are not what the directory says. */
  async *chunks(name) {
    const member = this.members.get(name);
    const reader = (await this.stream(member)).getReader();
    let crc = 0;
    let length = 0;
    for (;;) {
      const piece = await reader.read().catch(() => {
        throw new Damaged("zip", name, "unpack");
      });
      if (piece.done) break;
      length += piece.value.length;
      if (length > member.size) {
        reader.cancel().catch(() => {});
        throw new Damaged("size", name, "unpack");
      }
      crc = crcOf(piece.value, crc);
      yield piece.value;
    }
    if (length !== member.size || crc !== member.crc) throw new Damaged("zip", name, "unpack");
  }
}

/** What the directory says of one member. */
function memberOf(view, at) {
  if (at + 46 > view.byteLength || view.getUint32(at, true) !== MEMBER) throw new Damaged("zip", "");
  const [named, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
  const next = at + 46 + named + extra + comment;
  if (next > view.byteLength) throw new Damaged("zip", "");
  const flags = view.getUint16(at + 8, true);
  const raw = new Uint8Array(view.buffer, at + 46, named);
  const name = textOf(raw);
  if (name === null || (!(flags & 0x800) && /[^\0-\x7f]/.test(name))) throw new Damaged("path", name || "");
  const wrong = new Damaged("zip", name);
  const member = {
    name,
    raw,
    next,
    flags,
    method: view.getUint16(at + 10, true),
    crc: view.getInt32(at + 16, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    at: view.getUint32(at + 42, true),
    folder: name.endsWith("/"),
  };
  const type = (view.getUint32(at + 38, true) >>> 16) & 0xf000;
  member.link = type !== 0 && type !== (member.folder ? 0x4000 : 0x8000);
  // Of the flags only those may be set that say how hard deflate tried, and that the name is UTF-8.
  if (flags & ~0x0806 || view.getUint16(at + 34, true) || ![0, 8].includes(member.method)) throw wrong;
  if ([member.packed, member.size, member.at].includes(0xffffffff)) throw wrong;
  if (!extraPlain(view, at + 46 + named, extra)) throw wrong;
  if (member.folder && member.size) throw wrong;
  if (!member.method && member.packed !== member.size) throw wrong;
  return member;
}

/** Whether extra fields are in their form, none of them a size or a name that another reader might take. */
function extraPlain(view, at, length) {
  const end = at + length;
  while (at + 4 <= end) {
    if ([1, UNICODE_PATH].includes(view.getUint16(at, true))) return false;
    at += 4 + view.getUint16(at + 2, true);
  }
  return at === end;
}

/** The length of a local header that agrees with its member in the directory. */
function localLength(head, member) {
  const wrong = new Damaged("zip", member.name, "header");
  if (head.byteLength < 30 + member.raw.length || head.getUint32(0, true) !== LOCAL) throw wrong;
  const agrees =
    head.getUint16(6, true) === member.flags &&
    head.getUint16(8, true) === member.method &&
    head.getInt32(14, true) === member.crc &&
    head.getUint32(18, true) === member.packed &&
    head.getUint32(22, true) === member.size &&
    head.getUint16(26, true) === member.raw.length &&
    same(new Uint8Array(head.buffer, 30, member.raw.length), member.raw);
  const length = 30 + member.raw.length + head.getUint16(28, true);
  if (!agrees || length > head.byteLength) throw wrong;
  if (!extraPlain(head, 30 + member.raw.length, head.getUint16(28, true))) throw wrong;
  return length;
}
