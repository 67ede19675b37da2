"""A headless Chromium, driven over its debugging pipe: opens a page from a file, tells what it logged and asked for, and
takes pictures of it. Nothing but Python's standard library."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time

NAMES = ("chromium", "chromium-browser", "google-chrome")
PROGRAM = next((path for path in map(shutil.which, NAMES) if path), None)
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
         "--force-color-profile=srgb", "--remote-debugging-pipe", "--mute-audio", "--disable-sync"]


class Browser:
    """Use it in a `with` statement. Messages go down descriptor 3 and come up descriptor 4, each ended by a NUL."""

    def __init__(self):
        self._profile = tempfile.TemporaryDirectory(prefix="channelcast-browser-", ignore_cleanup_errors=True)
        down, self._down = os.pipe()
        self._up, up = os.pipe()

        def place():
            os.dup2(down, 13)
            os.dup2(up, 14)
            os.dup2(13, 3)
            os.dup2(14, 4)

        # The language decides how the browser itself writes numbers: the page must not depend on it.
        self._process = subprocess.Popen([PROGRAM, *FLAGS, "--lang=de", f"--user-data-dir={self._profile.name}",
                                          "about:blank"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL, preexec_fn=place, pass_fds=(3, 4, down, up))
        os.close(down)
        os.close(up)
        self._buffer = b""
        self._number = 0
        self.events = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("Browser.close")
        except (OSError, RuntimeError):
            pass
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._down)
        os.close(self._up)
        self._profile.cleanup()

    def _read(self):
        while b"\0" not in self._buffer:
            part = os.read(self._up, 1 << 16)
            if not part:
                raise RuntimeError("the browser has ended")
            self._buffer += part
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, parameters=None, session=None):
        """The result of a command; what the browser tells meanwhile is kept in `events`."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters or {}}
        if session:
            message["sessionId"] = session
        os.write(self._down, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") != self._number:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']}")
            else:
                return answer["result"]

    def open(self, path, width=1200, height=900, dark=False):
        return Page(self, path, {"width": width, "height": height, "dark": dark})


class Page:
    """A page of a file, fully drawn."""

    def __init__(self, browser, path, look):
        self._browser = browser
        target = browser.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._target = target
        self._session = browser.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        phone = look["width"] < 600
        self.call("Emulation.setDeviceMetricsOverride", {"width": look["width"], "height": look["height"],
                                                         "deviceScaleFactor": 1, "mobile": phone})
        self.call("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme",
                                                               "value": "dark" if look["dark"] else "light"}]})
        self.url = "file://" + os.path.abspath(path)
        self.call("Page.navigate", {"url": self.url})
        deadline = time.monotonic() + 60
        while self.evaluate("document.readyState") != "complete" or self.evaluate("location.href") == "about:blank":
            if time.monotonic() > deadline:
                raise RuntimeError(f"{path} does not load")
            time.sleep(0.05)
        # What is drawn upon a change of size comes a frame later.
        self.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))")

    def call(self, method, parameters=None):
        return self._browser.call(method, parameters, self._session)

    def evaluate(self, expression):
        """The value of an expression of JavaScript (awaited), as JSON has it."""
        answer = self.call("Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True})
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"].get("exception", {}).get("description", str(answer)))
        return answer["result"].get("value")

    def _events(self, method):
        return [event["params"] for event in self._browser.events
                if event.get("method") == method and event.get("sessionId") == self._session]

    def complaints(self):
        """Errors and warnings of the page: exceptions, the console, the browser's log (the policy's refusals)."""
        self.evaluate("0")
        found = [str(one["exceptionDetails"]) for one in self._events("Runtime.exceptionThrown")]
        found += [str(one["args"]) for one in self._events("Runtime.consoleAPICalled")
                  if one["type"] in ("error", "warning", "assert")]
        return found + [one["entry"]["text"] for one in self._events("Log.entryAdded")
                        if one["entry"]["level"] in ("error", "warning")]

    def requests(self):
        """Addresses asked for, but for the page itself."""
        urls = [one["request"]["url"] for one in self._events("Network.requestWillBeSent")]
        return [url for url in urls if url != self.url and not url.startswith("about:")]

    def picture(self, path, clip=None):
        parameters = {"format": "png", "captureBeyondViewport": True}
        if clip:
            parameters["clip"] = {**clip, "scale": 1}
        data = self.call("Page.captureScreenshot", parameters)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def pdf(self, path):
        data = self.call("Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        self._browser.call("Target.closeTarget", {"targetId": self._target})
