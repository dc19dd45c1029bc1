// Rows out of what a person pasted: from a spreadsheet, a list, or the recipients of a mail. Pure.

const MAIL = /[^\s<>"',;、，]+@[^\s<>"',;、，]+\.[^\s<>"',;、，]+/;
const GAP = /\t|\s*[,;、，]\s*/;

const fits = {
  text: () => true,
  email: (value) => MAIL.exec(value)?.[0] == value,
  number: (value) => value !== '' && Number.isFinite(Number(value.replaceAll(',', ''))),
};

const cells = (line, columns) => {
  const mail = columns.findIndex((column) => column.kind == 'email');
  const found = mail >= 0 && !line.includes('\t') && MAIL.exec(line)?.[0];
  if (!found) return line.split(columns.length > 1 ? GAP : /\t/);
  // An address is known by itself, wherever it stands: "Yamada <y@example.com>".
  const rest = line.replace(found, ' ').replace(/[<>"']/g, ' ').trim().replace(/^[,;、，\s]+|[,;、，\s]+$/g, '');
  const others = rest ? rest.split(GAP) : [];
  others.splice(mail, 0, found);
  return others;
};

/**
 * Reads rows, one a line. Gives `[{ line, values, wrong }]`: `values` by column, `wrong` the first
 * column that does not fit and is not empty by right, or `double` when an address is there twice.
 */
export const read = (text, columns) => {
  const seen = new Set();
  const head = columns.map((column) => column.label).join();
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines
    .filter((line) => line && line.split(GAP).join() != head)
    .map((line) => {
      const parts = cells(line, columns).map((part) => part.trim());
      const values = Object.fromEntries(columns.map((column, at) => [column.id, parts[at] ?? '']));
      const wrong = columns.find(({ id, kind, optional }) => (values[id] ? !fits[kind ?? 'text'](values[id]) : !optional));
      const mail = columns.find((column) => column.kind == 'email');
      const address = mail && values[mail.id].toLowerCase();
      const double = !wrong && address && seen.has(address);
      if (address) seen.add(address);
      return { line, values, wrong: wrong?.label, double };
    });
};
