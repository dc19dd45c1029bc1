// The lines of conversations, put in order as they come: each once, and none before the one before it.
// The same rules as journey/src/chat.rs, for the page.

/** One conversation's public log. */
export const log = () => {
  const early = new Map();
  const lines = [];
  return {
    /** What came, in order. */
    lines,
    /** Takes a line; gives those whose turn it is now. */
    take(line) {
      if (line.seq > lines.length) early.set(line.seq, line);
      const from = lines.length;
      for (let next; (next = early.get(lines.length + 1)); ) {
        early.delete(next.seq);
        lines.push(next);
      }
      return lines.slice(from);
    },
    /** The first and the last line that others wait for; nothing when none do. */
    missing: () => (early.size ? [lines.length + 1, Math.min(...early.keys()) - 1] : undefined),
  };
};

/** What a thread shows: what is said, and then what is on its way, in the order in which it was written. */
export const shown = (lines, waiting) => {
  const there = new Set(lines.map(({ mid }) => mid));
  return [...lines, ...waiting.filter(({ mid }) => !there.has(mid))];
};

/** How many lines of the other side came after the one that was read. */
export const unread = (lines, read) => lines.filter(({ seq, kind, author }) => seq > read && kind == 'message' && author.side == 'agent').length;
