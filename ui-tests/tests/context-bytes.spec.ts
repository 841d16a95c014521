/**
 * What the preview shows is what the provider receives, byte for byte: chips of fifty contexts, made
 * of the cells of one notebook. The server's half has its own fifty, in test_contexts.py.
 */
import { expect, galata, test } from '@jupyterlab/galata';
import type { Page } from '@playwright/test';
import { chip, chips, more } from './chips';
import { clearJournal, GPTPanel, journal } from './gpt';
import { change, execute, seen } from './notebooks';

const CONTEXTS = 50;
const CELLS = 60;

/** A PNG of one pixel. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** What makes texts differ on their way: fences, line ends, other scripts, control characters. */
const PIECES = [
  'x = 1\n',
  "```python\nprint('fence')\n```\n",
  '~~~~\n',
  '```````\n',
  'Zażółć gęślą jaźń\n',
  "数据 = 读取('文件')\n",
  '👩‍🔬🧪\u{1f468}\u200d\u{1f469}\n',
  'שלום עולם\n',
  'a\u2028b\u2029c\u0085d\n',
  'tab\tand\r\ncarriage\rreturn\n',
  '\u001b[0;31mred\u001b[0m \u0007 \u0000 \u000b\n',
  '\ufeffmark\n',
  '   \n\n\n',
  `${'a'.repeat(5000)}\n`,
  '<script>alert(1)</script>\n',
  '\\u0041 \\n {} %s $5 &amp;\n'
];

/** Numbers that are the same each time (mulberry32). */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** The outputs of a cell: texts, an error, bytes of several kinds, 10 MB. */
function outputs(at: number, text: () => string): object[] {
  const data = (bundle: object) => ({
    output_type: 'display_data',
    data: bundle,
    metadata: {}
  });
  const stream = (lines: string) => ({
    output_type: 'stream',
    name: 'stdout',
    text: lines
  });
  switch (at % 10) {
    case 0:
      return at === 0 || at === 30
        ? [stream(`${'0123456789'.repeat(10)} ${at}\n`.repeat(100_000))]
        : [];
    case 1:
    case 2:
      return [stream(text())];
    case 3:
      return [data({ 'image/png': PIXEL, 'text/plain': '<Figure>' })];
    case 4:
      return [data({ 'application/octet-stream': btoa('\0\xff'.repeat(500)) })];
    case 5:
      return [
        stream(text()),
        {
          output_type: 'error',
          ename: 'KeyError',
          evalue: text(),
          traceback: text().split('\n')
        }
      ];
    case 6:
      return [data({ 'text/html': `<table><tr><td>${text()}</table>` })];
    default:
      return [];
  }
}

/** The notebook that all contexts are made of. */
function notebook(): string {
  const pick = chance(20261125);
  const text = () =>
    Array.from({ length: [0, 1, 3, 6][pick(4)] }, () => PIECES[pick(16)]).join(
      ''
    );
  const cells = Array.from({ length: CELLS }, (_, at) => {
    const kind = at % 10 === 7 ? 'markdown' : at % 10 === 8 ? 'raw' : 'code';
    return {
      id: `cell-${at}`,
      cell_type: kind,
      // Some are empty; a long output is not drawn, which is not what is tested.
      source: at % 9 === 4 ? '' : `mark_${at}_\n${text()}`,
      metadata: { jupyter: { outputs_hidden: true } },
      ...(kind === 'code' && {
        execution_count: at,
        outputs: outputs(at, text)
      })
    };
  });
  return JSON.stringify({
    cells,
    metadata: {
      kernelspec: { name: 'python3', display_name: 'Python 3' },
      language_info: { name: 'python' }
    },
    nbformat: 4,
    nbformat_minor: 5
  });
}

/** An item of the preview as the server sent it. */
interface IItem {
  readonly id: string;
  readonly message: number;
  readonly role: string;
  readonly label: string;
  readonly text: string | null;
  readonly blob: string | null;
}

/** What is sent, made of nothing but what the preview shows. */
function messages(items: readonly IItem[]): object[] {
  const made: { role: string; items: IItem[] }[] = [];
  for (const item of items) {
    (made[item.message] ??= { role: item.role, items: [] }).items.push(item);
  }
  return made.map(({ role, items: all }) => {
    if (!all.some(({ blob }) => blob)) {
      return { role, content: all.map(({ text }) => text).join('') };
    }
    const content: { type: string; text?: string; image_url?: object }[] = [];
    for (const { blob, text } of all) {
      const last = content.at(-1);
      if (blob) {
        const url = `data:image/png;base64,${PIXEL}`;
        content.push({ type: 'image_url', image_url: { url } });
      } else if (last?.type === 'text') {
        last.text += text ?? '';
      } else {
        content.push({ type: 'text', text: text ?? '' });
      }
    }
    return { role, content };
  });
}

/** The texts of the dialog, by the ids of their items. */
async function drawn(page: Page): Promise<Record<string, string>> {
  const dialog = page.getByRole('dialog', { name: 'Preview' });
  return dialog
    .locator('li[data-item]')
    .evaluateAll(rows =>
      Object.fromEntries(
        rows.map(row => [
          (row as HTMLElement).dataset.item,
          row.querySelector('pre')?.textContent ?? ''
        ])
      )
    );
}

/** What the dialog draws is the item's text: all of it, or its beginning with a button. */
function expectDrawn(shown: Record<string, string>, items: IItem[]): void {
  expect(Object.keys(shown)).toEqual(items.map(({ id }) => id));
  for (const { id, text } of items) {
    // The empty lines between items are there, but the frame draws them.
    const whole = (text ?? '').replace(/^\n+/, '');
    if (shown[id] !== whole) {
      expect(shown[id].endsWith('…')).toBe(true);
      expect(whole.startsWith(shown[id].slice(0, -1))).toBe(true);
    }
  }
}

test.use({
  autoGoto: false,
  // A snapshot of the page before and after each of a thousand steps is most of the time.
  trace: 'off',
  mockSettings: {
    ...galata.DEFAULT_SETTINGS,
    'jupyterlab-gpt:plugin': { chipOutput: true }
  }
});

/** Put a few chips over the prompt box; every fifth time a cell is deleted after that. */
async function attach(
  panel: GPTPanel,
  at: number,
  pick: (below: number) => number
): Promise<void> {
  const { page } = panel;
  const { cells } = await seen(page);
  const chosen = new Set<string>();
  for (let count = 1 + pick(3); count > 0; count--) {
    chosen.add(cells[pick(cells.length)].id);
  }
  // The two of 10 MB each have their turn.
  if (at % 20 === 10) {
    chosen.add(at === 10 ? 'cell-0' : 'cell-30');
  }
  for (const cellId of chosen) {
    await panel.execute('jupyterlab-gpt:ask-about-cell', { cellId });
  }
  await expect(chips(panel)).toHaveCount(chosen.size);
  const image = page.getByRole('button', { name: /^More of In \[\d*3\]$/ });
  if (await image.count()) {
    await more(chip(panel, /^Context: In \[\d*3\]/).first(), 'Image');
  }
  if (at % 5 === 4) {
    const [gone] = [...chosen].filter(id => !/^cell-(0|30)$/.test(id));
    await change(page, { remove: cells.findIndex(({ id }) => id === gone) });
    await expect(chips(panel).filter({ hasText: 'deleted' })).toHaveCount(1);
  }
}

test(
  'fifty contexts arrive as they were previewed',
  { tag: '@all' },
  async ({ page, tmpPath }) => {
    // A minute or two, on a machine that has nothing else to do.
    test.setTimeout(900_000);
    const previews: { items: IItem[] }[] = [];
    page.on('websocket', socket => {
      socket.on('framereceived', ({ payload }) => {
        const frame = String(payload);
        if (
          socket.url().includes('jupyterlab-gpt') &&
          frame.includes('"previewed"')
        ) {
          previews.push(JSON.parse(frame) as { items: IItem[] });
        }
      });
    });
    await page.goto(`tree/${tmpPath}?reset`);
    const path = `${tmpPath}/fifty \`ö\`.ipynb`;
    await page.contents.uploadContent(notebook(), 'text', path);
    await execute(page, 'docmanager:open', { path });
    await page.waitForSelector('.jp-Notebook .jp-Cell');
    const panel = new GPTPanel(page);
    await panel.open();
    const pick = chance(7);
    for (let at = 0; at < CONTEXTS; at++) {
      if (at % 4 === 0) {
        await panel.execute('jupyterlab-gpt:new-conversation');
      }
      await attach(panel, at, pick);
      await panel.prompt.fill(`Question ${at}: ${PIECES[pick(16)]}`);
      await panel.button('Preview').click();
      const dialog = page.getByRole('dialog', { name: 'Preview' });
      await expect(dialog).toHaveAttribute('aria-busy', 'false');
      await expect(dialog.locator('li[data-item]').last()).toContainText(
        `Question ${at}:`
      );
      const { items } = previews.at(-1)!;
      expectDrawn(await drawn(page), items);
      await clearJournal();
      await dialog.getByRole('button', { name: 'Send', exact: true }).click();
      await expect(panel.last('You')).toContainText(`Question ${at}:`);
      await panel.ended();
      const asked = await journal();
      expect(asked).toHaveLength(1);
      expect(asked[0].body.messages, `context ${at}`).toEqual(messages(items));
    }
  }
);
