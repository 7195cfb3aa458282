// The bundle as the reader gives it: a zip, a folder, or either dropped on the page.

let given = null;

/** Names as the bundle has them: without the folder that was picked, which is not part of it. */
function picked(files) {
  const names = files.map(({ webkitRelativePath }) => webkitRelativePath.replace(/^[^/]*\//, ""));
  return new Map(files.map((file, i) => [names[i] || file.name, file]));
}

const entriesOf = (reader) => new Promise((done, failed) => reader.readEntries(done, failed));

async function gather(entry, path, into) {
  if (entry.isFile) {
    into.set(path, await new Promise((done, failed) => entry.file(done, failed)));
    return;
  }
  const reader = entry.createReader();
  for (let some = await entriesOf(reader); some.length; some = await entriesOf(reader)) {
    for (const each of some) await gather(each, path ? `${path}/${each.name}` : each.name, into);
  }
}

async function dropped(transfer) {
  const entry = transfer.items[0] && transfer.items[0].webkitGetAsEntry();
  if (!entry) return;
  if (entry.isFile) {
    take(transfer.files[0], transfer.files[0].name);
    return;
  }
  const files = new Map();
  await gather(entry, "", files);
  take(files, entry.name);
}

function take(what, name) {
  given = what;
  const count = what instanceof Map ? filled("files", { n: what.size }) : "";
  $("taken").replaceChildren(element("bdi", {}, shown(name)), " ", count);
  showAnswer(null);
}
