// The page: what the reader gives goes to the core, and its answer is shown. Nothing is sent anywhere.

/** Check in a worker made of this page's own core; `progress` is told a share from 0 to 1. */
function inWorker(what, options, progress) {
  const address = URL.createObjectURL(new Blob([$("core").textContent], { type: "text/javascript" }));
  const worker = new Worker(address);
  return new Promise((done, failed) => {
    worker.onmessage = ({ data }) => {
      if ("share" in data) return progress(data.share);
      if (data.answer) done(data.answer);
      else failed(data.asked ? new holdfireCore.AskedWrongly(data.asked) : new Error(data.failed));
    };
    worker.onerror = () => failed(new NoWorker());
    worker.postMessage({ given: what, options });
  }).finally(() => {
    worker.terminate();
    URL.revokeObjectURL(address);
  });
}

class NoWorker extends Error {}

async function answered(what, options, progress) {
  try {
    return await inWorker(what, options, progress);
  } catch (error) {
    if (!(error instanceof NoWorker || error instanceof DOMException)) throw error;
    return holdfireCore.check(what, { ...options, progress });
  }
}

window.holdfireCheck = async (what, { fingerprint, memory, at } = {}) => {
  const answer = await answered(what, { fingerprint, memory, at }, () => {});
  const findings = answer.findings.map((each) => ({ code: each.code, where: each.where, words: sentence(each) }));
  return { ...answer, findings };
};

function progressed(share) {
  $("progress").hidden = false;
  $("bar").value = share;
}

async function run() {
  if (!given) return tell("give bundle");
  const fingerprint = $("fingerprint").value;
  $("check").disabled = true;
  showAnswer(null);
  tell("checking", true);
  progressed(0);
  try {
    const options = { fingerprint, memory: remembered(), at: Math.floor(Date.now() / 1000) };
    const answer = await answered(given, options, progressed);
    if (answer.facts) answer.facts.whole = holdfireCore.trustOf(fingerprint)?.whole;
    if (answer.ok) answer.facts.kept = remember(answer.memory);
    showAnswer(answer);
    tell(answer.ok ? "said yes" : "said no", true);
    $("answer").querySelector("h2").focus();
  } catch (error) {
    const wrong = error instanceof holdfireCore.AskedWrongly;
    tell(wrong ? `asked ${error.message}` : "broken");
    if (!wrong) throw error;
  } finally {
    $("progress").hidden = true;
    $("check").disabled = false;
  }
}

/** Do something with the files an input was given; emptied, it can be given the same ones again. */
function chosen(input, act) {
  $(input).onchange = () => {
    const files = [...$(input).files];
    if (files.length) act(files);
    $(input).value = "";
  };
}

function begin() {
  showAnswer(null); // a page that was saved with an answer in it begins without one
  tell("");
  $("taken").textContent = "";
  const address = new URLSearchParams(location.hash.slice(1));
  speak(address.get("lang") || (navigator.language || "en").slice(0, 2));
  if (address.get("trust")) $("fingerprint").value = address.get("trust");
  $("language").onclick = () => {
    speak(language === "en" ? "ar" : "en");
    tell("");
    showAnswer(answerShown);
  };
  $("fingerprint").onkeydown = (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    run();
  };
  chosen("zip", ([file]) => take(file, file.name));
  chosen("folder", (files) => take(picked(files), files[0].webkitRelativePath.split("/")[0]));
  chosen("load", ([file]) => loadMemory(file));
  $("form").onsubmit = (event) => {
    event.preventDefault();
    run();
  };
  $("save").onclick = saveMemory;
  for (const kind of ["dragover", "dragenter"]) {
    document.addEventListener(kind, (event) => event.preventDefault());
  }
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    dropped(event.dataTransfer);
  });
}

begin();
