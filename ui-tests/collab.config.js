/**
 * Tests with jupyter-collaboration, whose documents are shared: see scripts/test-collab.sh.
 */
const base = require('./playwright.config');

const port = Number(process.env.GPT_UI_PORT ?? '18888') + 14;
const [provider, lab] = base.webServer;
const bin = process.env.GPT_COLLAB_BIN;
const url = `http://127.0.0.1:${port}`;
// Galata's own helpers read it.
process.env.TARGET_URL = url;

module.exports = {
  ...base,
  testDir: './collab',
  testIgnore: [],
  use: { ...base.use, baseURL: url },
  webServer: [
    provider,
    {
      ...lab,
      command: `${bin}/jupyter lab --config jupyter_server_test_config.py --ServerApp.port=${port} --YDocExtension.ystore_class=jupyter_server_ydoc.stores.TempFileYStore`,
      url: `${url}/lab`,
      reuseExistingServer: false,
      // The environment of that server, not ours, gives it its kernels.
      env: { ...lab.env, PATH: `${bin}:${process.env.PATH}` }
    }
  ]
};
