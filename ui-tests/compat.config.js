/**
 * Smoke tests on the oldest JupyterLab and on Notebook 7: see scripts/test-compat.sh.
 */
const base = require('./playwright.config');

const port = Number(process.env.GPT_UI_PORT ?? '18888') + 10;
const provider = base.webServer[0];
process.env.GPT_COMPAT_LAB_URL = `http://127.0.0.1:${port}`;
process.env.GPT_COMPAT_NOTEBOOK_URL = `http://127.0.0.1:${port + 1}`;

// The tests run commands by name; the configuration of the servers says it for JupyterLab only.
const expose = app =>
  app === 'notebook' ? ' --JupyterNotebookApp.expose_app_in_browser=True' : '';

const server = (bin, app, serverPort) => ({
  command: `${bin}/jupyter ${app} --config jupyter_server_auth_config.py --ServerApp.port=${serverPort}${expose(app)}`,
  url: `http://127.0.0.1:${serverPort}/login`,
  timeout: 120 * 1000,
  reuseExistingServer: false,
  stdout: 'ignore',
  stderr: process.env.GPT_UI_VERBOSE ? 'pipe' : 'ignore',
  // The environments of the two servers, not ours, give them their kernels.
  env: { ...process.env, PATH: `${bin}:${process.env.PATH}` }
});

module.exports = {
  ...base,
  testDir: './compat',
  webServer: [
    provider,
    server(process.env.GPT_COMPAT_LAB, 'lab', port),
    server(process.env.GPT_COMPAT_NOTEBOOK, 'notebook', port + 1)
  ]
};
