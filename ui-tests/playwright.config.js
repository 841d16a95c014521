/**
 * Browser tests: a real JupyterLab in Debian's Chromium, and a provider on loopback.
 */
const baseConfig = require('@jupyterlab/galata/lib/playwright-config');

const port = process.env.GPT_UI_PORT ?? '18888';
const authPort = String(Number(port) + 1);
const providerPort = String(Number(port) + 2);
const url = `http://127.0.0.1:${port}`;
// Galata's own helpers read TARGET_URL; the tests and the servers read the others.
process.env.TARGET_URL = url;
process.env.GPT_AUTH_URL = `http://127.0.0.1:${authPort}`;
process.env.GPT_PROVIDER_URL = `http://127.0.0.1:${providerPort}`;

const jupyter = (config, serverPort, path) => ({
  command: `jupyter lab --config ${config} --ServerApp.port=${serverPort}`,
  url: `http://127.0.0.1:${serverPort}/${path}`,
  timeout: 120 * 1000,
  reuseExistingServer: !process.env.CI,
  stdout: 'ignore',
  stderr: process.env.GPT_UI_VERBOSE ? 'pipe' : 'ignore'
});

module.exports = {
  ...baseConfig,
  testDir: './tests',
  // Each test drives a whole JupyterLab; these machines have two cores.
  workers: 1,
  timeout: 90 * 1000,
  retries: process.env.CI ? 1 : 0,
  // Galata's default opens a report after a failure, and waits.
  reporter: [['list'], ['html', { open: 'never' }]],
  use: {
    ...baseConfig.use,
    baseURL: url,
    viewport: { width: 1280, height: 800 },
    // A video needs Playwright's own ffmpeg, which is not to be had everywhere.
    video: 'off',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  },
  webServer: [
    {
      command: `python -m tests.fakes.provider --port ${providerPort}`,
      cwd: '..',
      url: `http://127.0.0.1:${providerPort}/v1/models`,
      timeout: 30 * 1000,
      reuseExistingServer: !process.env.CI
    },
    jupyter('jupyter_server_test_config.py', port, 'lab'),
    jupyter('jupyter_server_auth_config.py', authPort, 'login')
  ]
};
