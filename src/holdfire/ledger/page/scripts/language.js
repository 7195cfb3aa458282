// Words of the page in its languages, and how names from a bundle are shown.

let language = "en";

const word = (key) => WORDS[language][key] ?? WORDS.en[key] ?? key;

const filled = (key, values) => word(key).replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** The sentence of a finding: of its code and reason, or of its code. */
const sentence = ({ code, why }) => WORDS[language][`${code}: ${why}`] ?? word(code);

/** A name as it may be shown: what is not seen or turns the line round is spelled out. */
function shown(name) {
  const spelled = name.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (letter) => `\\u{${letter.codePointAt(0).toString(16)}}`);
  return spelled.length > 200 ? `${spelled.slice(0, 200)}…` : spelled;
}

const moment = (seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;

function ago(hours) {
  const unit = hours < 48 ? "hour" : "day";
  const format = new Intl.RelativeTimeFormat(`${language}-u-nu-latn`, { numeric: "always" });
  return format.format(-(unit === "hour" ? hours : Math.floor(hours / 24)), unit);
}

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const $ = (id) => document.getElementById(id);

function speak(chosen) {
  language = WORDS[chosen] ? chosen : "en";
  document.documentElement.lang = language;
  document.documentElement.dir = word("direction");
  document.title = word("title");
  for (const each of document.querySelectorAll("[data-word]")) each.textContent = word(each.dataset.word);
  for (const each of document.querySelectorAll("[data-label]")) each.setAttribute("aria-label", word(each.dataset.label));
  $("language").textContent = word("other language");
  $("language").lang = language === "en" ? "ar" : "en";
}
