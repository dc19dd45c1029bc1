// Words as they are searched.

/**
 * Letters as people mean them: width, case and spaces apart. Japanese has no spaces between words, so a
 * search looks for the letters themselves.
 */
export const plain = (text) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
