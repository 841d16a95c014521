/**
 * The answers that are streamed: deterministic, one "token" is about four characters.
 */

const WORDS =
  'the model reads your notebook and explains what each cell does before it suggests a smaller change that keeps the data as it is'.split(
    ' '
  );

function* words(seed) {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield WORDS[state % WORDS.length];
  }
}

function sentence(next, length) {
  return Array.from({ length }, () => next.next().value).join(' ');
}

const kinds = {
  prose: (next, i) =>
    `${i % 6 === 0 ? `## Part ${i}\n\n` : ''}${sentence(next, 30)}, **${sentence(next, 3)}** and \`df.head()\`. ${sentence(next, 20)}; see [the docs](https://example.org/${i}).\n\n`,
  code: (next, i) =>
    `def step_${i}(frame, column="${next.next().value}"):\n    """${sentence(next, 6)}."""\n    values = [x * ${i} for x in frame[column] if x > 0]  # ${sentence(next, 4)}\n    return sum(values) / len(values)\n\n\n`,
  table: (next, i) =>
    `| ${i} | ${sentence(next, 3)} | **${next.next().value}** | \`f(${i})\` | ${i * 3.5} |\n`,
  list: (next, i) =>
    `${i + 1}. **${next.next().value}**: ${sentence(next, 14)}\n${i % 3 === 0 ? `   - ${sentence(next, 6)}\n` : ''}`,
  latex: (next, i) =>
    `${sentence(next, 12)} $x_{${i}} = \\sqrt{a^2 + ${i}}$ ${sentence(next, 6)}.\n\n$$\\frac{${i}}{n} \\sum_{k=1}^{n} x_k$$\n\n`,
  paragraph: next => `${sentence(next, 12)} *${next.next().value}* `
};

const opening = {
  code: '```python\n',
  table: '| n | what | who | call | value |\n|--:|---|---|---|--:|\n'
};

/** What comes in turns, six of each. */
const mixtures = {
  mixed: ['prose', 'code', 'list', 'table'],
  math: ['prose', 'latex', 'list'],
  warm: ['code', 'latex', 'table']
};

/** The text of a workload. */
export function answer(kind, tokens) {
  const next = words(7);
  const length = tokens * 4;
  let text = opening[kind] ?? '';
  const turns = mixtures[kind];
  for (let i = 0; text.length < length; i++) {
    if (!turns) {
      text += kinds[kind](next, i);
      continue;
    }
    const turn = turns[i % turns.length];
    text += opening[turn] ?? '';
    for (let j = 0; j < 6; j++) {
      text += kinds[turn](next, i * 6 + j);
    }
    text += turn === 'code' ? '```\n\n' : '\n';
  }
  return text.slice(0, length);
}
