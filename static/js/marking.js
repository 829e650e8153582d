// Whether an answer is right, as the server will mark it; the server's word is the one that counts.
const KEPT = { ".": "\ue000", "/": "\ue001", ":": "\ue002", "-": "\ue003", "%": "\ue004" };
const SIGNS = Object.keys(KEPT);
// Punctuation, spaces and control characters of Latin and Chinese text; 〇 (3007) is a numeral.
const DROPPED = new RegExp(
  "[\\u0000-\\u0020!-#%-*,-/:;?@\\[-\\]_{}\\u007f-\\u00a1\\u00a7\\u00ab\\u00ad\\u00b6\\u00b7\\u00bb\\u00bf" +
    "\\u2000-\\u2043\\u2045-\\u2051\\u2053-\\u206f\\u3000-\\u3003\\u3008-\\u3011\\u3014-\\u301f\\u3030\\u30fb\\ufeff]",
  "g"
);

export const fold = (text) => {
  let plain = text.normalize("NFKC").toLowerCase().normalize("NFKC").replace(/[○◯]/g, "〇");
  plain = plain.replace(/[\s\u200b-\u200f\u202a-\u202e\ufeff]/g, "");
  plain = plain.replace(/(\d)[\u2010-\u2015~](?=\d)/g, "$1-").replace(/(\d)%/g, "$1" + KEPT["%"]);
  plain = plain.replace(/(\d)([./:-])(?=\d)/g, (_all, digit, sign) => digit + KEPT[sign]);
  plain = plain.replace(DROPPED, "");
  return SIGNS.reduce((folded, sign) => folded.split(KEPT[sign]).join(sign), plain);
};

// Words around the blank may be written along.
const says = (text, variant, before, after) => {
  let start = variant ? text.indexOf(variant) : -1;
  while (start >= 0) {
    const rest = text.slice(start + variant.length);
    if (before.endsWith(text.slice(0, start)) && after.startsWith(rest)) return true;
    start = text.indexOf(variant, start + 1);
  }
  return false;
};

const blanks = (card, response) => {
  const around = card.stem.split("___").map(fold);
  return card.answers.every((variants, n) =>
    variants.some((v) => says(fold(response[n] || ""), fold(v), around[n], around[n + 1] || ""))
  );
};

export const isRight = (card, response) => {
  if (card.kind === "blank") return blanks(card, response);
  if (card.kind === "truefalse") return response === (card.key[0] === 0);
  return String(response) === String(card.key);
};
