/**
 * Prices of fake models, so that pictures show sums.
 */
import { expect, type Page } from '@playwright/test';

// Dollars per million tokens: about what small models cost, so that sums look as usual.
const INPUT = '0.25';
const OUTPUT = '2';

/** Set the price of the models that match on a server of the tests, or of none. */
export async function setPrices(
  page: Page,
  url: string,
  ...patterns: string[]
): Promise<void> {
  const response = await page.request.put(`${url}/jupyterlab-gpt/api/prices`, {
    // What the server with a token asks for; the other takes it too.
    headers: { Authorization: 'token test-token' },
    data: {
      overrides: patterns.map(pattern => ({
        base_url: '',
        pattern,
        input: INPUT,
        output: OUTPUT
      }))
    }
  });
  expect(response.ok()).toBe(true);
}
