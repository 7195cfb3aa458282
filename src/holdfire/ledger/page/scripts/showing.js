// The answer as it is shown: yes or no in a word, a colour and a sign; every finding; and after a yes, who
// stands behind the record.

const MOST_SHOWN = 100;

let answerShown = null;

/** Say one of the page's words, for eyes and for a screen reader; `aloud`: for a screen reader alone. */
function tell(key, aloud = false) {
  $("said").textContent = key && word(key);
  $("said").className = aloud ? "unseen" : "note";
}

function showAnswer(answer) {
  answerShown = answer;
  $("answer").replaceChildren();
  if (answer === null) return;
  const only = answer.findings.length === 1 && answer.findings[0].code === "trust";
  const kind = answer.ok ? (answer.facts.stale ? "stale" : "yes") : "no";
  const head = element("h2", { tabindex: "-1" }, element("span", { class: "sign", "aria-hidden": "true" }));
  head.append(word(only ? "answer trust" : `answer ${kind}`));
  const box = element("div", { class: `answer ${kind}` }, head);
  if (answer.ok) box.append(...facts(answer.facts));
  else box.append(findings(answer.findings));
  if (only && answer.facts) box.append(element("p", {}, word("own code")), code(answer.facts.shortCode));
  $("answer").replaceChildren(box);
}

const code = (text) => element("p", { class: "code", dir: "ltr" }, text);

function findings(all) {
  const list = element("ul", { class: "findings" });
  for (const each of all.slice(0, MOST_SHOWN)) {
    const item = element("li", {}, element("code", { class: "name" }, each.code), " ", sentence(each));
    if (each.where) item.append(" ", element("bdi", { class: "where" }, shown(each.where)));
    list.append(item);
  }
  if (all.length > MOST_SHOWN) list.append(element("li", {}, filled("more", { n: all.length - MOST_SHOWN })));
  return list;
}

function facts(known) {
  const rows = element("dl", {});
  const row = (key, ...values) => {
    rows.append(element("dt", {}, word(key)), ...values.map((value) => element("dd", {}, value)));
  };
  const bdi = (text) => element("bdi", {}, text);
  row("bulletin", bdi(shown(`${known.number} (${word("version")} ${known.version})`)));
  row("period", bdi(shown(known.period)));
  row("editors", ...known.editors.map((name) => bdi(shown(name))));
  const witnesses = known.witnesses.map(({ name, since, at }) => {
    return element("span", {}, bdi(shown(name)), " ", filled("witnessed", { since: moment(since), at: moment(at) }));
  });
  row("witnesses", ...(witnesses.length ? witnesses : [word("no witnesses")]));
  if (known.cosigned) row("age", element("span", {}, `${ago(known.hours)} (`, moment(known.cosigned), ")"));
  else row("age", word("no age"));
  row("expires", moment(holdfireCore.secondsOf(known.expires)));
  row("entries", String(known.size));
  row("fingerprint", element("bdi", { class: "where" }, known.fingerprint));
  const said = [element("p", {}, word("code")), code(known.shortCode), rows, element("p", {}, word("meaning"))];
  if (known.stale) said.unshift(element("p", { class: "note" }, word("stale")));
  if (!known.whole) said.push(element("p", { class: "note" }, word("short")));
  if (!known.kept) said.push(element("p", { class: "note" }, word("not kept")));
  return said;
}
