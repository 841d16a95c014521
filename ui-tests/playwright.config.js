/**
 * Browser tests: a real JupyterLab in Debian's Chromium, and a provider on loopback.
 */
const baseConfig = require('@jupyterlab/galata/lib/playwright-config');

// Tests run in as many lanes as are asked for, each with servers of its own, so that no test
// sees the budget, the prices or the journal of one beside it. Playwright loads this file once
// in its own process, which starts the servers, and once in each lane.
const lanes = Number(process.env.GPT_UI_LANES ?? '1');
const LANE_PORTS = 20;
const portOf = lane =>
  Number(process.env.GPT_UI_PORT ?? '18888') + LANE_PORTS * lane;
const urlsOf = lane => ({
  lab: `http://127.0.0.1:${portOf(lane)}`,
  auth: `http://127.0.0.1:${portOf(lane) + 1}`,
  provider: `http://127.0.0.1:${portOf(lane) + 2}`
});

const lane = Number(process.env.TEST_PARALLEL_INDEX ?? '0');
const urls = urlsOf(lane);
// Galata's own helpers read TARGET_URL; the tests read the others.
process.env.TARGET_URL = urls.lab;
process.env.GPT_AUTH_URL = urls.auth;
process.env.GPT_PROVIDER_URL = urls.provider;
process.env.GPT_LANE_PORT = String(portOf(lane));

const jupyter = (config, serverPort, path, provider) => ({
  command: `jupyter lab --config ${config} --ServerApp.port=${serverPort}`,
  url: `http://127.0.0.1:${serverPort}/${path}`,
  timeout: 120 * 1000,
  reuseExistingServer: !process.env.CI,
  stdout: 'ignore',
  stderr: process.env.GPT_UI_VERBOSE ? 'pipe' : 'ignore',
  env: { ...process.env, GPT_PROVIDER_URL: provider }
});

const serversOf = number => {
  const { provider } = urlsOf(number);
  const port = portOf(number);
  return [
    {
      command: `python -m tests.fakes.provider --port ${port + 2}`,
      cwd: '..',
      url: `${provider}/v1/models`,
      timeout: 30 * 1000,
      reuseExistingServer: !process.env.CI
    },
    jupyter('jupyter_server_test_config.py', port, 'lab', provider),
    jupyter('jupyter_server_auth_config.py', port + 1, 'login', provider)
  ];
};

module.exports = {
  ...baseConfig,
  testDir: './tests',
  // What is measured wants the machine for itself.
  testIgnore: lanes > 1 ? ['**/speed.spec.ts'] : [],
  // `make test` has 25 minutes: each door and each promise once; `make test-all` has the rest.
  grepInvert: process.env.GPT_UI_SAMPLE ? /@all/ : undefined,
  workers: lanes,
  timeout: 90 * 1000,
  retries: process.env.CI ? 1 : 0,
  // Galata's default opens a report after a failure, and waits.
  reporter: [['list'], ['html', { open: 'never' }]],
  use: {
    ...baseConfig.use,
    baseURL: urls.lab,
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
  webServer: Array.from({ length: lanes }, (_, n) => serversOf(n)).flat()
};
