/**
 * Answers that want to load or run something: drawn whole, drawn while they arrive, inserted as
 * cells, and read again from the saved notebook. Nothing is asked for, nothing runs.
 * A sample by default; each of them, one character at a time, with GPT_FAULTS=all.
 */
import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { answersFile } from './archive';
import { type GPTPanel, lab, script } from './gpt';
import { execute } from './notebooks';

const ALL = process.env.GPT_FAULTS === 'all';
const EVERY = ALL ? 1 : 12;
const { loads, scripts } = JSON.parse(
  readFileSync(`${__dirname}/../../tests/payloads.json`, 'utf8')
) as { loads: string[]; scripts: string[] };
const PAYLOADS = [...loads, ...scripts].filter((_, at) => at % EVERY === 0);

const EMPTY = {
  cells: [],
  metadata: { kernelspec: { display_name: 'Python 3', name: 'python3' } },
  nbformat: 4,
  nbformat_minor: 5
};

/** What no answer may bring into the page, wherever it is drawn. */
const FOREIGN =
  'script, style, link, iframe, frame, object, embed, video, audio, source, track, form, button, ' +
  'textarea, select, base, meta, template, svg image, svg use, [srcset], [background], [ping], ' +
  '[data-commandlinker-command], .jp-Dialog, .lm-Widget, .jp-Cell';

/** Addresses outside the server that the page asked for since the watch began. */
function watch(page: Page): string[] {
  const asked: string[] = [];
  const { origin } = new URL(page.url());
  page.on('request', request => {
    const url = new URL(request.url());
    if (/^(?:https?|wss?):$/.test(url.protocol) && url.origin !== origin) {
      asked.push(request.url());
    }
  });
  return asked;
}

/** What came in through the drawn text: scripts that ran, elements, listeners. */
async function intruders(
  page: Page,
  within: string,
  foreign = FOREIGN
): Promise<string[]> {
  return page.evaluate(
    ([root, selector]) => {
      const found: string[] = [];
      if ((window as { gptHit?: number }).gptHit !== undefined) {
        found.push('a script ran');
      }
      for (const body of document.querySelectorAll(root)) {
        for (const node of body.querySelectorAll('*')) {
          if (node.closest('.jp-gpt-codeblock-bar')) {
            continue;
          }
          const acts = [...node.attributes].some(
            ({ name, value }) =>
              name.startsWith('on') ||
              /^\s*(?:javascript|vbscript|data|blob):/i.test(
                name === 'href' || name === 'src' ? value : ''
              )
          );
          if (acts || node.matches(selector)) {
            found.push(node.outerHTML.slice(0, 200));
          }
        }
      }
      return found;
    },
    [within, foreign] as const
  );
}

/** Let everything be drawn: by scrolling from the first to the last. */
async function passThrough(page: Page, selector: string): Promise<void> {
  await page.evaluate(async scroller => {
    const node = document.querySelector(scroller) as HTMLElement;
    for (let at = 0; at <= node.scrollHeight; at += node.clientHeight / 2) {
      node.scrollTop = at;
      await new Promise(resolve => setTimeout(resolve, 30));
    }
  }, selector);
  await page.waitForTimeout(500);
}

/** Import the answers as one conversation, and open it. */
async function importAnswers(panel: GPTPanel, title: string): Promise<void> {
  await panel.button('Conversations').click();
  await panel.root.locator('input[type=file]').setInputFiles({
    name: 'conversations.json',
    mimeType: 'application/json',
    buffer: Buffer.from(answersFile(title, PAYLOADS))
  });
  await expect(panel.root).toContainText('1 conversation is imported');
  await panel.root
    .getByRole('button', { name: new RegExp(title) })
    .first()
    .click();
  // A long conversation draws what is further up when the reader goes there.
  const earlier = panel.root.getByRole('button', {
    name: 'Show earlier messages'
  });
  await expect(async () => {
    if (await earlier.isVisible()) {
      await earlier.click({ timeout: 1000 });
    }
    await expect(earlier).toBeHidden({ timeout: 100 });
  }).toPass();
  await expect(panel.transcript.getByRole('article')).toHaveCount(
    2 * PAYLOADS.length
  );
}

/** Insert each answer as cells of the notebook in front. */
async function insertAll(page: Page, panel: GPTPanel): Promise<void> {
  // Where there are hidden characters in it, the panel asks first.
  const insert = page.locator('.jp-Dialog').getByText('Insert as it is');
  await page.addLocatorHandler(insert, () => insert.click());
  for (const button of await panel.button('Insert all as cells').all()) {
    await button.click();
  }
}

test('drawn whole, as cells, and from the saved notebook', async ({ page }) => {
  test.setTimeout(ALL ? 900_000 : 180_000);
  const panel = await lab(page);
  // Whoever asks gets an answer that would be seen.
  await page.route(/evil\.example/, route =>
    route.fulfill({
      contentType: 'application/javascript',
      body: 'window.gptHit=1'
    })
  );
  const asked = watch(page);
  await importAnswers(panel, `Hostile ${Date.now()}`);
  await passThrough(page, '.jp-gpt-Transcript-scroll');
  expect(asked).toEqual([]);
  expect(await intruders(page, '.jp-gpt-Answer-body')).toEqual([]);

  const path = `hostile-${Date.now()}.ipynb`;
  await page.request.put(`${new URL(page.url()).origin}/api/contents/${path}`, {
    headers: { Authorization: 'token test-token' },
    data: { type: 'notebook', content: EMPTY }
  });
  await execute(page, 'docmanager:open', { path });
  await page.waitForSelector('.jp-Notebook');
  await insertAll(page, panel);
  const markdown = '.jp-Notebook .jp-RenderedMarkdown';
  const cells = '.jp-WindowedPanel-outer';
  await passThrough(page, cells);
  expect(asked).toEqual([]);
  expect(await intruders(page, markdown)).toEqual([]);

  await execute(page, 'docmanager:save');
  await execute(page, 'application:close');
  await expect(page.locator('.jp-Notebook')).toHaveCount(0);
  await execute(page, 'docmanager:open', { path });
  await page.waitForSelector(markdown);
  await passThrough(page, cells);
  expect(await page.locator(markdown).count()).toBeGreaterThan(3);
  expect(asked).toEqual([]);
  expect(await intruders(page, markdown)).toEqual([]);
  await execute(page, 'application:close');
  await page.request.delete(
    `${new URL(page.url()).origin}/api/contents/${path}`,
    { headers: { Authorization: 'token test-token' } }
  );
});

test(
  'drawn while they arrive, one character at a time',
  { tag: '@all' },
  async ({ page }) => {
    test.setTimeout(ALL ? 1_800_000 : 120_000);
    const panel = await lab(page);
    const asked = watch(page);
    await panel.button('New conversation').click();
    await panel.choose('fake-hostile');
    for (const [at, payload] of PAYLOADS.entries()) {
      if (at % 20 === 19) {
        // The history of a long conversation is no part of this.
        await panel.button('New conversation').click();
      }
      // A frame of 60 a second and no more: each character is drawn for itself.
      await script('fake-hostile', [...payload], ALL ? 20 : 0);
      await panel.ask(`Payload ${at}`);
      await panel.ended();
      expect(await intruders(page, '.jp-gpt-Answer-body'), payload).toEqual([]);
      expect(asked, payload).toEqual([]);
    }
  }
);
