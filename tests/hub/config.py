"""The hub of the test: what we ship in deploy/hub, with a simple authenticator and spawner."""

import os
import sys

c = get_config()  # noqa: F821
load_subconfig(os.environ["GPT_TEST_CONFIG"])  # noqa: F821

folder = os.environ["GPT_TEST_FOLDER"]
port, api, hub = (int(n) for n in os.environ["GPT_TEST_PORTS"].split(","))
c.JupyterHub.bind_url = f"http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{hub}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{api}"
c.ConfigurableHTTPProxy.pid_file = f"{folder}/proxy.pid"
c.JupyterHub.cookie_secret_file = f"{folder}/cookie"
c.JupyterHub.db_url = f"sqlite:///{folder}/hub.sqlite"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "open sesame 1234"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = folder + "/home/{username}"
c.Spawner.cmd = [os.path.join(os.path.dirname(sys.executable), "jupyterhub-singleuser")]
# A machine with two busy cores takes its time.
c.Spawner.start_timeout = c.Spawner.http_timeout = 120
c.Spawner.args = [
    *(arg.replace("gpt-6-luna", "fake-gpt") for arg in c.Spawner.args),
    "--allow-root",
    "--LabApp.extension_manager=readonly",
    "--LabApp.news_url=",
    "--debug",
]
