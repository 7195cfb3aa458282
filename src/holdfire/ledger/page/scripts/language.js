// Words of the page in its languages, and how names from a bundle are shown.

let language = "en";

const word = (key) => WORDS[language].page[key];

/** Words with values in their places; a value may be an element, which keeps its own direction. */
function filled(key, values) {
  const made = element("span");
  for (const [i, part] of word(key).split(/\{(\w+)\}/).entries()) made.append(i % 2 ? values[part] : part);
  return made;
}

/** The sentence of a finding: of its code and reason, or of its code. */
const sentence = ({ code, why }) => {
  const { findings } = WORDS[language];
  return findings[`${code}: ${why}`] ?? findings[code];
};

/** A name as it may be shown: what is not seen or turns the line round is spelled out. */
function shown(name) {
  const spelled = name.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (letter) => `\\u{${letter.codePointAt(0).toString(16)}}`);
  return spelled.length > 200 ? `${spelled.slice(0, 200)}…` : spelled;
}

/** A moment in UTC, never broken or turned round by the line it stands in. */
function moment(seconds) {
  const last = 8.64e12; // of what a Date can hold
  const text = new Date(Math.min(seconds, last) * 1000).toISOString().replace("T", " ").replace(":00.000Z", " UTC");
  return element("bdi", { class: "when", dir: "ltr" }, text);
}

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
