// Words as they are searched.

/**
 * Letters as people mean them: width, case and spaces apart. Japanese has no spaces between words, so a
 * search looks for the letters themselves.
 */
export const plain = (text) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

/** Less of a question than this in a text says nothing. */
const ENOUGH = 0.4;

// What people ask is seldom what a title says word by word, so pairs of letters are compared.
const pairs = (text) => {
  const letters = [...plain(text).replace(/[\s\p{P}]/gu, '')];
  return new Set(letters.length < 2 ? letters : letters.slice(1).map((letter, n) => letters[n] + letter));
};

/** Those of `[{ title, words }]` that are about what is asked, the best first. */
export const rank = (asked, articles) => {
  const wanted = [...pairs(asked)];
  const [letter] = wanted;
  // One letter makes no pair.
  if (letter?.length == 1 || wanted.length < 1) return articles.filter(({ title, words }) => letter && plain(title + words).includes(letter));
  const share = (text) => {
    const has = pairs(text);
    return wanted.filter((pair) => has.has(pair)).length / wanted.length;
  };
  return articles
    .map((article) => ({ article, title: share(article.title), all: share(article.title + ' ' + article.words) }))
    .filter(({ all }) => all >= ENOUGH)
    .sort((one, other) => 2 * other.title + other.all - 2 * one.title - one.all)
    .map(({ article }) => article);
};
