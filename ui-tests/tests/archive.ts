import { createHash, randomUUID } from 'node:crypto';

/** A part of a message, as the wire has it. */
type Part = Record<string, unknown> & { type: string };

/** What the answers of a data scientist's conversation hold, and what is hard to export. */
export const ANSWERS = {
  languages: String.raw`It costs $5 to $10 a month, since $E = mc^2$ and \(a_1 + a_2\) say so:

$$
\int_0^1 x\,dx = \tfrac12
$$

as does

\[
\sum_{i=1}^n i = \frac{n(n+1)}{2}
\]

| name | price | rule |
| --- | ---: | :---: |
| a | $1 | $x^2$ |
| b \| c | $20 | ${'`'}d | e${'`'} |

${'```'}python
import math
print("in the notebook", math.sqrt(16))
${'```'}

In a shell:

${'```'}bash
echo $HOME $PATH
${'```'}

and in the database:

${'```'}sql
SELECT name FROM prices WHERE price < '$5';
${'```'}

Then a program prints:

${'```'}
in the notebook 4.0
${'```'}
`,
  fences: `A document with code in it:

\`\`\`\`markdown
# Title

\`\`\`python
inside = 1
\`\`\`
\`\`\`\`

~~~text
\`\`\`
no fence
\`\`\`
~~~

1. In a list:

   \`\`\`python
   in_a_list = 1
   \`\`\`

2. The second item
   - deeper

     ~~~bash
     echo $A $B
     ~~~

> In a quote:
>
> \`\`\`python
> in_a_quote = 1
> \`\`\`

\`\`\`python
last = 1
\`\`\`

The end, with <b>HTML</b>, ![an image](https://evil.test/a.png) and [a link](https://example.org/).
`,
  thought: 'The answer is **42**, or $40 + 2$.',
  cut: 'It begins with a loop:\n\n```python\nfor i in range(10):\n    print(i'
};

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAJ0lEQVR42u3NMQEAAAgDoGn/' +
  'zlrCDwIwm8yfOvs0AAAAAAAAAAAAAHhYq3QAAc7t3sYAAAAASUVORK5CYII=';

/** Its question's context: a cell, its error, a notebook and an image. */
function context(sha256: string): Part[] {
  return [
    {
      type: 'cell',
      cell_id: 'c1',
      path: 'work.ipynb',
      source: 'x = "```"\nprice / 0',
      language: 'python',
      label: 'In [7]'
    },
    {
      type: 'error',
      cell_id: 'c1',
      ename: 'ZeroDivisionError',
      evalue: 'division by zero',
      traceback:
        'Traceback (most recent call last)\nZeroDivisionError: division by zero'
    },
    {
      type: 'notebook',
      path: 'work.ipynb',
      cells: [{ id: 'c1', kind: 'code', source: 'price / 0' }]
    },
    { type: 'image', mime: 'image/png', blob: sha256 }
  ];
}

const NOW = '2026-11-24T10:00:00.000Z';

/** A question's parts, and what is particular about its answer. */
type Exchange = readonly [question: Part[], answer: Record<string, unknown>];

const text = (words: string): Part => ({ type: 'text', text: words });

/** A file of our own JSON with one conversation. */
function fileOf(
  title: string,
  exchanges: readonly Exchange[],
  blobs: Record<string, string> = {}
): string {
  const messages: Record<string, unknown>[] = [];
  for (const [question, answer] of exchanges) {
    const last = messages[messages.length - 1];
    const base = {
      created: NOW,
      provider: null,
      model: null,
      finish_reason: null,
      error: null,
      usage: null,
      cost: null,
      seconds: null,
      request_id: null
    };
    const asked = randomUUID();
    messages.push({
      ...base,
      id: asked,
      parent_id: last?.id ?? null,
      role: 'user',
      parts: question,
      status: 'complete'
    });
    messages.push({
      ...base,
      id: randomUUID(),
      parent_id: asked,
      role: 'assistant',
      status: 'complete',
      finish_reason: 'stop',
      provider: 'default',
      model: 'fake-gpt',
      usage: { input: 1234, output: 56, estimated: false },
      cost: { usd: '0.0031', estimated: false, at_least: false },
      seconds: 1.5,
      ...answer
    });
  }
  return JSON.stringify({
    format: 'jupyterlab-gpt',
    version: 1,
    exported: NOW,
    conversations: [
      {
        id: randomUUID(),
        title,
        notebook: 'work.ipynb',
        created: NOW,
        updated: new Date().toISOString(),
        pinned: false,
        leaf: messages[messages.length - 1].id,
        cost: null,
        messages
      }
    ],
    blobs
  });
}

/** One conversation of these answers. */
export function answersFile(title: string, answers: readonly string[]): string {
  return fileOf(
    title,
    answers.map((answer, at) => [
      [text(`Question ${at + 1}`)],
      { parts: [text(answer)] }
    ])
  );
}

/** One conversation, of which each answer ended in another way. */
export function archive(title: string): string {
  const image = Buffer.from(PIXEL, 'base64');
  const sha256 = createHash('sha256').update(image).digest('hex');
  const exchanges: Exchange[] = [];
  const add = (...exchange: Exchange): void => {
    exchanges.push(exchange);
  };
  add([...context(sha256), text('Why is it $5 or $10?\n\n* not a list')], {
    parts: [text(ANSWERS.languages)]
  });
  add([text('And with fences?\n```python\nopen')], {
    parts: [text(ANSWERS.fences)]
  });
  add([text('Think.')], {
    parts: [
      { type: 'thinking', text: 'A thought that stays here.' },
      text(ANSWERS.thought)
    ]
  });
  add([text('Fail.')], {
    parts: [],
    status: 'failed',
    finish_reason: null,
    usage: null,
    cost: null,
    error: {
      code: 'bad_key',
      message: 'The key was *refused*: see $HOME or $PATH',
      retryable: false
    }
  });
  add([text('Be cut.')], {
    parts: [text(ANSWERS.cut)],
    status: 'cancelled',
    finish_reason: 'cancelled'
  });
  return fileOf(title, exchanges, { [sha256]: PIXEL });
}
