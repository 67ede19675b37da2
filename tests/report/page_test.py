"""The decision report in a real browser: headless Chromium opens it from a file. Every chart must have drawn its data, nothing
may be complained of or asked for, in both languages, narrow and wide, light and dark; free text stays text."""

import itertools
import os
import shutil
import sys
import tempfile
import time
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("CHANNELCAST_SOURCE_DIR", Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(SOURCE / "tests"))
sys.path.insert(0, str(SOURCE / "tests/report"))
from browser import PROGRAM as CHROMIUM, Browser  # noqa: E402
from support.cli import CliTest  # noqa: E402

TELECOM = SOURCE / "scenarios/library/b2b_telecom.toml"
NETWORK = SOURCE / "scenarios/library/partner_network.toml"
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script><!-- {{x}} ${y} &lt;"
PICTURES = os.environ.get("CHANNELCAST_PICTURES")  # a folder for pictures to be looked at

# What is wrong with the charts: [title, problem]. Axes and grid lines have the quiet colours of the page; data have others.
CHART_PROBLEMS = """[...document.querySelectorAll("figure")].flatMap(figure => {
  const problems = [];
  const title = figure.querySelector("figcaption").firstChild.textContent;
  const host = figure.querySelector(".chart");
  const svg = host.querySelector("svg");
  const quiet = ["none", "transparent", "#000", "#1c2430", "#5a6675", "#dde2e8", "#ffffff", "#e6eaf0", "#a3afbd", "#323b48",
                 "#1a2029"];
  const own = colour => colour && !quiet.includes(colour.toLowerCase()) && !/^rgba?\\(.*, ?0\\)$/.test(colour);
  const shapes = svg ? [...svg.querySelectorAll("path,polyline,polygon,rect,circle,line")] : [];
  const data = shapes.filter(shape => {
    const box = shape.getBBox();
    return (own(shape.getAttribute("fill")) || own(shape.getAttribute("stroke"))) && (box.width > 0 || box.height > 0);
  });
  if (data.length === 0) problems.push("no data drawn");
  if (svg && ![...svg.querySelectorAll("text")].some(text => text.textContent.trim())) problems.push("no labels");
  if (svg && svg.getBoundingClientRect().width > host.getBoundingClientRect().width + 1) problems.push("wider than its place");
  if (svg && svg.getBoundingClientRect().width < 100) problems.push("has no width");
  if ((host.getAttribute("aria-label") ?? "").length < title.length + 10) problems.push("no text alternative");
  if (host.getAttribute("role") !== "img") problems.push("no role");
  if (figure.querySelectorAll("details table tbody tr").length === 0) problems.push("no table");
  return problems.map(problem => [title, problem]);
})"""

WORDS = """[...document.querySelectorAll("h2,h3,figcaption,summary,.meaning p,.note,dt,.more,thead th,nav a,footer p,.kind")]
  .map(one => one.textContent).concat([...document.querySelectorAll("[aria-label]")].map(one => one.ariaLabel))"""


@unittest.skipUnless(CHROMIUM, "no chromium here (scripts/install_dependencies.sh --tests installs it)")
class BrowserTest(CliTest):
    """A test with a browser, and the pages of scenarios."""

    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()
        cls.shared = Path(tempfile.mkdtemp(prefix="channelcast-report-"))

    @classmethod
    def tearDownClass(cls):
        cls.browser.__exit__()
        shutil.rmtree(cls.shared, ignore_errors=True)

    def report(self, scenario, *arguments, language="en", trials=1000):
        """The page of a run; each is made once."""
        name = "-".join([Path(scenario).stem, language, str(trials), *(str(hash(one)) for one in arguments)])
        page = self.shared / f"{name}.html"
        if not page.exists():
            self.command("run", scenario, "--trials", trials, "--report", page, "--lang", language, "-q", *arguments)
        return page

    def assert_right(self, page, path):
        self.assertEqual(page.complaints(), [])
        self.assertEqual(page.requests(), [])
        self.assertEqual(page.evaluate(CHART_PROBLEMS), [])
        self.assertGreater(page.evaluate("document.querySelectorAll('figure').length"), 15, path)
        self.assertEqual(page.evaluate("document.querySelectorAll('section').length"), 8)
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"),
                             page.evaluate("window.innerWidth"), "the page scrolls sideways")
        text = page.evaluate("document.querySelector('main').textContent")
        for wrong in ("undefined", "NaN", "null", "[object", "Infinity"):
            self.assertNotIn(wrong, text)
        for sentence in page.evaluate("[...document.querySelectorAll('.meaning')].map(one => one.textContent.trim())"):
            self.assertGreater(len(sentence), 30, "every section says what it means")


class PageTest(BrowserTest):
    def test_draws_everything_in_both_languages_sizes_and_colours(self):
        for language, width, dark in itertools.product(("en", "ru"), (390, 1280), (False, True)):
            with self.subTest(language=language, width=width, dark=dark):
                path = self.report(TELECOM, language=language)
                page = self.browser.open(path, width=width, dark=dark)
                self.assert_right(page, path)
                self.assertEqual(page.evaluate("document.documentElement.lang"), language)
                ink = page.evaluate("getComputedStyle(document.body).color")
                self.assertEqual(ink, "rgb(230, 234, 240)" if dark else "rgb(28, 36, 48)")
                if PICTURES:
                    height = page.evaluate("document.documentElement.scrollHeight")
                    page.picture(Path(PICTURES, f"{language}-{width}-{'dark' if dark else 'light'}.png"),
                                 {"x": 0, "y": 0, "width": width, "height": height})
                page.close()

    def test_draws_other_scenarios(self):
        for scenario, trials in ((NETWORK, 64), (SOURCE / "scenarios/library/cold_base.toml", 500),
                                 (SOURCE / "scenarios/library/three_pilots.toml", 500),
                                 (SOURCE / "tests/golden/week_everything.toml", 200)):
            with self.subTest(scenario=scenario.stem):
                path = self.report(scenario, trials=trials)
                page = self.browser.open(path)
                self.assert_right(page, path)
                page.close()

    def test_a_scenario_without_anything_uncertain_has_a_page_too(self):
        page = self.browser.open(self.report(SOURCE / "tests/golden/minimal.toml", trials=3))
        self.assertEqual(page.complaints(), [])
        self.assertEqual(page.evaluate("document.querySelectorAll('section').length"), 8)
        page.close()

    def test_a_programme_that_never_pays_back_says_so(self):
        path = self.report(TELECOM, "--set", "partner.*.customer.revenue_per_month=10", trials=200)
        page = self.browser.open(path)
        self.assert_right(page, path)
        self.assertIn("More than half of the trials do not pay back within 36 months.",
                      page.evaluate("document.querySelector('#answer .meaning').textContent"))
        page.close()

    def said(self, page, section):
        return page.evaluate(f"document.querySelector('#{section} .meaning').textContent")

    def test_a_base_that_runs_out_is_no_season_and_nobody_waits_after_it(self):
        page = self.browser.open(self.report(SOURCE / "scenarios/library/cold_base.toml", trials=500))
        time_says = self.said(page, "time")
        self.assertNotIn("season", time_says)
        self.assertNotIn("365 days", time_says)
        self.assertIn("there are no leads and nobody waits", time_says)
        titles = page.evaluate("[...document.querySelectorAll('#time figcaption')].map(one => one.firstChild.textContent)")
        self.assertNotIn("Seasonality of leads", titles)
        self.assertIn("of the trials pay back within the horizon where it is in its lowest tenth", self.said(page, "drivers"))
        page.close()

    def test_a_budget_that_is_only_reported_limits_nothing(self):
        for policy, limits in (("report", False), ("stop", True)):
            page = self.browser.open(self.report(TELECOM, "--set", "finance.budget=3e7", "--set", f"finance.budget_policy={policy}",
                                                 trials=200))
            answer = self.said(page, "answer")
            self.assertEqual("most often is the budget" in answer, limits)
            self.assertEqual("stops nothing" in answer, not limits)
            page.close()

    def test_weeks_are_called_weeks_and_marked_by_whole_months(self):
        page = self.browser.open(self.report(SOURCE / "scenarios/library/three_pilots.toml", trials=500))
        labels = page.evaluate("[...document.querySelectorAll('#cash figure:last-of-type svg text')].map(one => one.textContent)")
        self.assertIn("Paid back in this week", labels)
        self.assertIn("3", labels)
        self.assertEqual([label for label in labels if "." in label and "%" not in label], [])
        page.close()

    def test_a_phone_shows_which_partner_an_input_is_of(self):
        page = self.browser.open(self.report(NETWORK, trials=64), width=390)
        labels = page.evaluate("[...document.querySelectorAll('#drivers svg text')].map(one => one.textContent)")
        partners = [label for label in labels if "small" in label]
        self.assertGreater(len(partners), 0)
        for label in partners:
            self.assertRegex(label, r"small-\d{3}$")
        page.close()

    def test_one_trial_tells_nothing_of_its_precision(self):
        page = self.browser.open(self.report(SOURCE / "tests/golden/minimal.toml", trials=1))
        self.assertIn("cannot be told from 1 trial.", self.said(page, "inputs"))
        text = page.evaluate("document.querySelector('main').textContent")
        self.assertNotIn("1 trials", text)
        self.assertNotIn("The 0 that", text)
        page.close()

    def test_no_name_turns_what_stands_beside_it(self):
        text = (SOURCE / "tests/golden/minimal.toml").read_text(encoding="utf-8")
        name = text.split("name = ", 1)[1].split("\n", 1)[0]
        turned = self.write("turned.toml", text.replace(f"name = {name}", 'name = "a\\u202Eb"', 1))
        page = self.browser.open(self.report(turned, trials=3))
        self.assertEqual(page.evaluate("document.querySelector('h1').textContent"), "ab")
        self.assertEqual(page.evaluate("document.querySelector('h1').firstChild.tagName"), "BDI")
        self.assertNotIn("\u202e", page.evaluate("document.title"))
        page.close()

    def test_free_text_is_shown_as_text(self):
        scenario = self.write("hostile.toml", (SOURCE / "tests/golden/month_everything.toml").read_text(encoding="utf-8"))
        text = Path(scenario).read_text(encoding="utf-8")
        name = text.split("name = ", 1)[1].split("\n", 1)[0]
        text = text.replace(f"name = {name}", f"name = '''{HOSTILE}'''\ndescription = '''{HOSTILE}'''", 1)
        text += f"\n[[target]]\nname = '''{HOSTILE}'''\nall = [{{ metric = \"npv\", at_least = 0 }}]\n"
        page = self.browser.open(self.report(self.write("hostile.toml", text), trials=200))
        self.assertEqual(page.complaints(), [])
        self.assertEqual(page.requests(), [])
        self.assertEqual(page.evaluate("document.querySelector('h1').textContent"), HOSTILE)
        self.assertTrue(page.evaluate("document.title").startswith(HOSTILE))
        self.assertEqual(page.evaluate("document.querySelectorAll('img').length"), 0)
        self.assertEqual(page.evaluate("document.querySelectorAll('script').length"), 2)
        self.assertIn(HOSTILE, page.evaluate("[...document.querySelectorAll('#answer tbody th')].map(one => one.textContent)"))
        page.close()

    def test_russian_pages_have_no_english_words(self):
        page = self.browser.open(self.report(TELECOM, language="ru"))
        for text in page.evaluate(WORDS):
            with self.subTest(text=text):
                self.assertNotRegex(text, r"(?i)\b(the|of|and|with|trials?|months?|leads|mean|median|payback|budget|partners?)\b")
        page.close()

    def test_follows_the_reader_into_the_dark_and_onto_paper(self):
        page = self.browser.open(self.report(TELECOM))
        drawn = "document.querySelector('#cash svg').outerHTML"
        light = page.evaluate(drawn)
        page.call("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        dark = page.evaluate(f"new Promise(done => setTimeout(() => done({drawn}), 200))")
        self.assertIn("#1f5fa8", light)
        self.assertNotIn("#1f5fa8", dark)
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        self.assertIn("#1f5fa8", page.evaluate(drawn), "paper is white")
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        self.assertEqual(page.evaluate(drawn), dark)
        pdf = self.folder / "page.pdf"
        page.pdf(pdf)
        self.assertTrue(pdf.read_bytes().startswith(b"%PDF"))
        self.assertGreater(pdf.read_bytes().count(b"/Type /Page\n"), 4)
        page.close()

    def test_can_be_used_with_the_keyboard(self):
        page = self.browser.open(self.report(TELECOM))
        reached = set()
        for _ in range(60):
            for kind in ("rawKeyDown", "keyUp"):
                page.call("Input.dispatchKeyEvent", {"type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9})
            reached.add(page.evaluate("document.activeElement.tagName + '.' + document.activeElement.className"))
        self.assertLessEqual({"A.skip", "A.", "SUMMARY.", "DIV.scroll"}, reached)
        page.close()

    def test_does_not_grow_with_the_trials(self):
        few = self.report(TELECOM, trials=1000).stat().st_size
        many = self.report(TELECOM, trials=20000).stat().st_size
        self.assertLess(many, 1.05 * few)
        self.assertLess(many, 1_500_000)

    def test_does_not_take_long(self):
        self.command("run", TELECOM, "--trials", 20000, "-q", "-o", "run.h5")
        start = time.monotonic()
        self.command("report", "run.h5", "-o", "report.html")
        self.assertLess(time.monotonic() - start, 5.0, "for 1,000,000 trials: docs/performance.md")


class SelfTest(BrowserTest):
    """A page that is broken is found."""

    def test_an_empty_chart_is_found(self):
        page = self.browser.open(self.report(TELECOM))
        page.evaluate("document.querySelector('#cash svg').replaceChildren()")
        self.assertIn("no data drawn", [problem for _, problem in page.evaluate(CHART_PROBLEMS)])
        page.close()

    def test_axes_alone_are_no_chart(self):
        page = self.browser.open(self.report(TELECOM))
        page.evaluate("document.querySelectorAll('#cash figure:first-of-type svg :is(path,polyline,polygon,rect)')"
                      ".forEach(one => !/#dde2e8/i.test(one.outerHTML) && one.remove())")
        self.assertIn("no data drawn", [problem for _, problem in page.evaluate(CHART_PROBLEMS)])
        page.close()

    def test_what_the_policy_refuses_is_heard_of(self):
        broken = self.folder / "broken.html"
        text = self.report(TELECOM).read_text(encoding="utf-8")
        broken.write_text(text.replace("<noscript>", "<script>alert(1)</script><img src='http://127.0.0.1:9/x.png'><noscript>", 1),
                          encoding="utf-8")
        page = self.browser.open(broken)
        self.assertGreaterEqual(len(page.complaints()), 2)
        page.close()


if __name__ == "__main__":
    unittest.main()
