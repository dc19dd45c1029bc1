// Rows out of what a person pasted: from a spreadsheet, a list, or the recipients of a mail. Pure.

const MAIL = /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g;
const AROUND = /^[\s<>()[\]"',;:、。]+|[\s<>()[\]"',;:、。]+$/g;
/** What stands between a name and the address before or after it. */
const AFTER = /^[\s"',;:、。]+|[\s<([{"',;:、。]+$/g;
const BEFORE = /^[\s>)\]}"',;:、。]+|[\s"',;:、。]+$/g;

/** Full-width letters, digits and signs as keyboards with Japanese input write them; of the same length. */
const half = (text) => text.replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replaceAll('　', ' ');
// A text less what stands around it; `edge` is matched against its half-width twin.
const bare = (text, edge) => {
  const twin = half(text);
  const start = twin.search(edge) == 0 && twin.match(edge)[0].length < twin.length ? twin.match(edge)[0].length : 0;
  const inner = twin.replace(edge, '');
  return text.slice(start, start + inner.length);
};

// Cells of a line with commas, in quotes where a comma belongs to the text.
const split = (line) => {
  const cells = [''];
  let quoted = false;
  for (const sign of line) {
    if (sign == '"') quoted = !quoted;
    else if (!quoted && /[,;、，；]/.test(sign)) cells.push('');
    else cells[cells.length - 1] += sign;
  }
  return cells.map((cell) => cell.trim());
};

// One line is several rows when it holds several addresses: the recipients of a mail.
const pieces = (line, mail) => {
  if (!mail || line.includes('\t')) return [line];
  const found = [...half(line).matchAll(MAIL)];
  if (found.length < 2) return [line];
  let from = 0;
  return found.map((one, at) => {
    const close = /^[>)）"']*/.exec(line.slice(one.index + one[0].length))[0].length;
    const to = at == found.length - 1 ? line.length : one.index + one[0].length + close;
    const piece = line.slice(from, to);
    from = to;
    return piece.replace(/^[\s,;、，；]+/, '');
  });
};

const cells = (line, columns, mail) => {
  if (line.includes('\t')) return line.split('\t').map((cell) => cell.trim());
  const [address] = (mail && half(line).match(MAIL)) ?? [];
  if (!address) return columns.length > 1 ? split(line) : [line.trim()];
  const at = half(line).indexOf(address);
  // An address is known by itself, wherever it stands: "Yamada <y@example.com>".
  const before = bare(line.slice(0, at), AFTER);
  const after = bare(line.slice(at + address.length), BEFORE);
  const others = columns.length > 2 ? split([before, after].filter(Boolean).join(',')) : [[before, after].filter(Boolean).join(' ')];
  const place = columns.indexOf(mail);
  while (others.length < place) others.push('');
  return [...others.slice(0, place), address, ...others.slice(place)];
};

// A value as the action gets it; nothing when it does not fit.
const value = (text, kind) => {
  if (kind == 'email') {
    const [address] = half(text).match(MAIL) ?? [];
    return address && !half(text).replace(address, '').replace(AROUND, '') ? address : undefined;
  }
  if (kind == 'number') {
    const digits = half(text).replace(/[,¥\s]/g, '');
    return digits && Number.isFinite(Number(digits)) ? digits : undefined;
  }
  return text;
};

/**
 * Reads rows. Gives `[{ line, values, wrong, double }]`: `values` by the columns' ids, `wrong` the label
 * of the first column that does not fit or is missing, `double` when its address is there already.
 */
export const read = (text, columns) => {
  const mail = columns.find((column) => column.kind == 'email');
  const head = columns.map((column) => column.label).join();
  const seen = new Set();
  const row = (line) => {
    const parts = cells(line, columns, mail);
    const values = {};
    let wrong;
    columns.forEach(({ id, kind, label, optional }, at) => {
      const given = parts[at] ?? '';
      values[id] = given && value(given, kind);
      if (values[id] === undefined || (!given && !optional)) wrong ??= label;
      values[id] ??= given;
    });
    // More than was asked for: it would be lost without a word.
    if (parts.slice(columns.length).some(Boolean)) wrong ??= columns.at(-1).label;
    const address = !wrong && mail && values[mail.id].toLowerCase();
    const double = !!address && seen.has(address);
    if (address) seen.add(address);
    return { line, values, wrong, double };
  };
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() && cells(line, columns).join() != head)
    .flatMap((line) => pieces(line, mail).map(row));
};
