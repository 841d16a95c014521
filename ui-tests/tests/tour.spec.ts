/**
 * The picture of the README: ask about a cell, see the answer come and its cost, put it back.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jupyterlab/galata';
import { Film } from './film';
import { GPTPanel, script } from './gpt';
import { execute, openNotebook, sources } from './notebooks';
import { setPrices } from './prices';

// A server of its own, on which nobody has spent anything today; apart from the other tests' ports.
const PORT = Number(process.env.GPT_LANE_PORT) + 9;
const URL = `http://127.0.0.1:${PORT}`;

const MODEL = 'demo-model';

const AVERAGE = `def moving_average(values, window=3):
    averages = []
    for i in range(1, len(values) + 1):
        part = values[max(0, i - window):i]
        mean = sum(part) / len(part)
        averages.append(round(mean))
    return averages

moving_average(cups)`;

const BETTER = `import pandas as pd

def moving_average(values, window=3):
    means = pd.Series(values).rolling(
        window, min_periods=1
    ).mean()
    return means.round().tolist()

moving_average(cups)`;

const CELLS = [
  { id: 'title', source: '# A week at the café', type: 'markdown' as const },
  { id: 'cups', source: 'cups = [212, 198, 240, 225, 301, 342, 187]' },
  { id: 'average', source: AVERAGE }
];

const ANSWER = `pandas has this built in; \`min_periods=1\` keeps the first days:

\`\`\`python
${BETTER}
\`\`\`
`;

// Frames of an answer that arrives: each costs room, and more are not seen.
const STREAMED = 16;

test.use({ baseURL: URL, viewport: { width: 900, height: 600 } });

let server: ChildProcess;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  const data = mkdtempSync(path.join(tmpdir(), 'jupyterlab-gpt-tour-'));
  server = spawn(
    'jupyter',
    [
      'lab',
      '--config=jupyter_server_test_config.py',
      `--ServerApp.port=${PORT}`,
      `--GPTExtension.data_dir=${data}`,
      // What users have: the other tests' is far higher, and with it the highest estimate.
      '--GPTExtension.reply_tokens_reasoning=16384'
    ],
    { cwd: path.join(__dirname, '..'), stdio: 'ignore' }
  );
  await expect(async () => {
    expect((await fetch(`${URL}/lab`)).ok).toBe(true);
  }).toPass({ timeout: 100_000 });
});

test.afterAll(() => {
  server.kill();
});

test(
  'a tour: ask, answer, cost, and back into the cell',
  { tag: ['@all', '@picture'] },
  async ({ page, tmpPath }) => {
    test.setTimeout(120_000);
    await setPrices(page, URL, MODEL);
    await script(MODEL, ANSWER.match(/\s*\S+/g)!, 200);
    await openNotebook(page, `${tmpPath}/demo.ipynb`, CELLS);
    const panel = new GPTPanel(page);
    await panel.open();
    await page.sidebar.close('left');
    // The launcher, if it came up before the notebook.
    await execute(page, 'application:close-other-tabs');
    await panel.setWidth(350);
    await panel.choose(MODEL);
    await execute(page, 'notebook:run-all-cells');
    const cell = page.locator('.jp-Notebook .jp-CodeCell').nth(1);
    await expect(cell.locator('.jp-OutputArea-output')).toContainText('277');

    const film = new Film(page, 'tour.webp');
    await film.frame(1500);
    await cell.locator('.cm-content').click({ button: 'right' });
    const item = page.getByRole('menuitem', {
      name: /^Ask GPT about this cell/
    });
    await item.hover();
    await film.frame(1500);
    await item.click();
    await expect(
      panel.root.getByRole('group', { name: 'Context: In [2]' })
    ).toContainText('tok');
    await film.frame(1200);
    const words = 'Can pandas do this for me?'.match(/\s*\S+/g)!;
    for (const word of words) {
      await panel.prompt.pressSequentially(word);
      await film.frame(200);
    }
    await expect(
      panel.root.getByRole('status', { name: 'Estimated cost' })
    ).toContainText('$');
    await film.frame(2000);

    await panel.prompt.press('Enter');
    const answer = panel.last('GPT');
    await expect(answer).toContainText('pandas');
    for (let n = 0; n < STREAMED; n++) {
      await film.frame(250);
      if ((await answer.getAttribute('data-status')) !== 'streaming') {
        break;
      }
    }
    await panel.ended();
    await expect(answer).toContainText('$');
    await film.frame(2500);

    await answer.getByRole('button', { name: 'Replace cell' }).click();
    const accept = page
      .getByRole('group', { name: /Suggested change to/ })
      .getByRole('button', { name: 'Accept', exact: true });
    await expect(accept).toBeFocused();
    await film.frame(2500);
    await accept.click();
    await expect.poll(async () => (await sources(page))[2]).toBe(BETTER);
    await film.frame(2500);
    film.end();
    await execute(page, 'docmanager:save');
  }
);
