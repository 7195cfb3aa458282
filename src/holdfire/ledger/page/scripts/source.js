// Where the files of a bundle come from: a zip, or names with bytes (a folder that was picked or dropped).

const PIECE = 1 << 24; // read at once [bytes]

class Folder {
  constructor(files) {
    this.files = files; // Map: name to Uint8Array, Blob or File
  }

  names() {
    return [...this.files.keys()];
  }

  sizeOf(name) {
    const file = this.files.get(name);
    return file instanceof Uint8Array ? file.length : file.size;
  }

  swollen() {
    return false;
  }

  async *chunks(name) {
    const file = this.files.get(name);
    if (file instanceof Uint8Array) {
      yield file;
      return;
    }
    const gone = () => {
      throw new Damaged("missing", name);
    };
    for (let at = 0; at < file.size; at += PIECE) {
      yield new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer().catch(gone));
    }
  }
}

/** The files of a bundle, each read with a limit; what cannot be read is found once and then left out. */
class Bundle {
  constructor(source, found, progress) {
    this.source = source;
    this.found = found;
    this.names = new Set(source.names());
    this.unreadable = new Set();
    this.progress = progress;
    this.done = 0;
    this.total = source.names().reduce((sum, name) => sum + source.sizeOf(name), 0) || 1;
    this.digests = new Map();
  }

  has(name) {
    return this.names.has(name);
  }

  under(folder) {
    return [...this.names].filter((name) => name.startsWith(folder)).sort();
  }

  async *chunks(name) {
    for await (const chunk of this.source.chunks(name)) {
      this.done += chunk.length;
      this.progress(Math.min(1, this.done / this.total));
      yield chunk;
    }
  }

  /** The bytes of a file; null: it is not there, or cannot be read. */
  async read(name) {
    if (!this.has(name) || this.unreadable.has(name)) return null;
    const parts = [];
    try {
      for await (const chunk of this.chunks(name)) parts.push(chunk);
    } catch (error) {
      return this.failed(name, error);
    }
    return parts.length === 1 ? parts[0] : joined(...parts);
  }

  /** The digest of a file in hexadecimal; null: it is not there, or cannot be read. */
  async digest(name) {
    if (!this.has(name) || this.unreadable.has(name)) return null;
    if (this.digests.has(name)) return this.digests.get(name);
    let digest;
    if (this.source.sizeOf(name) <= 1 << 25) {
      const bytes = await this.read(name);
      digest = bytes && hex(await digestOf(bytes));
    } else {
      const sum = new Sha256();
      try {
        for await (const chunk of this.chunks(name)) sum.add(chunk);
        digest = hex(sum.end());
      } catch (error) {
        digest = this.failed(name, error);
      }
    }
    this.digests.set(name, digest);
    return digest;
  }

  failed(name, error) {
    if (!(error instanceof Damaged)) throw error;
    this.unreadable.add(name);
    this.found(error.code, name, error.why);
    return null;
  }
}
