/**
 * 20,000 tokens as fast as they come leave the page usable.
 */
import { expect, test } from '@jupyterlab/galata';
import { GPTPanel } from './gpt';

test('20,000 tokens as fast as they come', async ({ page }) => {
  const panel = new GPTPanel(page);
  await panel.open();
  // The first answer loads what is loaded once: languages, the typesetter.
  await panel.ask('Warm up');
  await panel.ended();
  await panel.button('New conversation').click();
  await panel.choose('fake-long-20000');
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(window, { gptTasks: tasks });
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) {
        tasks.push(entry.duration);
      }
    }).observe({ type: 'longtask' });
  });
  await panel.ask('Everything at once');
  const started = Date.now();
  await panel.ended('complete', 60_000);
  const seconds = (Date.now() - started) / 1000;
  const tasks = await page.evaluate(
    () => (window as unknown as { gptTasks: number[] }).gptTasks
  );
  const longest = Math.max(0, ...tasks);
  console.log(
    `20,000 tokens: ${seconds.toFixed(1)} s, ${tasks.length} long tasks, ` +
      `longest ${longest.toFixed()} ms`
  );
  // Stated limit: no task over 100 ms. A test holds ten times that.
  expect(longest).toBeLessThan(1000);
  await expect(panel.last('GPT')).toContainText('w20000');
});
