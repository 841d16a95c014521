"""What runs in a kernel: `%gpt`, `%%gpt` and `Chat`; nothing here is loaded by the server.

Only the standard library is imported at the top of these modules: IPython, tornado and
ipywidgets are imported on first use, from what the kernel brings.
"""
