"""Drives a kernel with Jupyter's own client, and prints what it saw as one JSON object.

Usage: drive_kernel.py KERNEL CODE_VALUE CODE_WAIT  (the kernel's name, a cell with a value, a cell that runs until interrupted)
"""
import json
import sys
import time

from jupyter_client.manager import KernelManager


def run(client, code, **options):
    shown = []
    reply = client.execute_interactive(code, timeout=60, output_hook=shown.append, **options)
    return reply["content"], [message["msg_type"] for message in shown], shown


def beats(client, seconds=60):
    """Whether the heart beats within the time. A beat that was asked for before the kernel listened
    counts as missed until the next one, so asking once would depend on how fast the kernel started."""
    until = time.monotonic() + seconds
    while not client.hb_channel.is_beating() and time.monotonic() < until:
        time.sleep(0.1)
    return client.hb_channel.is_beating()


name, value, wait = sys.argv[1:]
manager = KernelManager(kernel_name=name)
manager.start_kernel()
client = manager.client()
client.start_channels()
seen = {}
try:
    client.wait_for_ready(timeout=60)
    reply, types, shown = run(client, value)
    seen["status"], seen["types"] = reply["status"], types
    seen["text"] = [m["content"]["data"]["text/plain"] for m in shown if m["msg_type"] == "execute_result"]
    seen["complete"] = client.complete("x.", 2, reply=True, timeout=60)["content"]["status"]
    client.is_complete(value)
    seen["is_complete"] = client.get_shell_msg(timeout=60)["content"]["status"]
    seen["history"] = [entry[2] for entry in client.history(hist_access_type="tail", n=1, reply=True, timeout=60)["content"]["history"]]
    seen["alive"] = beats(client)

    client.execute(wait)
    while client.get_iopub_msg(timeout=60)["msg_type"] != "execute_input":
        pass
    manager.interrupt_kernel()
    seen["interrupted"] = client.get_shell_msg(timeout=60)["content"]["status"]
    while client.get_iopub_msg(timeout=60)["content"].get("execution_state") != "idle":
        pass
    seen["after_interrupt"] = run(client, value)[0]["status"]

    manager.restart_kernel()
    client.wait_for_ready(timeout=60)
    reply = run(client, value)[0]
    seen["after_restart"], seen["count_after_restart"] = reply["status"], reply["execution_count"]
finally:
    client.stop_channels()
    manager.shutdown_kernel()
    seen["gone"] = not manager.is_alive()
print(json.dumps(seen))
