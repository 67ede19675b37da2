"""The page of a study in a real browser. The page is the made-up one of tests/scenarios/studies/sample_page.cpp, which has
every kind of item, value and chart; the test program writes it. Everything must be drawn, in both languages, narrow and wide,
light and dark, with no label on another and none cut off."""

import itertools
import os
import subprocess
import sys
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("CHANNELCAST_SOURCE_DIR", Path(__file__).resolve().parents[2]))
PROGRAM = Path(os.environ.get("CHANNELCAST_EXECUTABLE", SOURCE / "build/ci/channelcast"))
sys.path.insert(0, str(SOURCE / "tests/report"))
from page_test import CHART_PROBLEMS, HOSTILE, PICTURES, WORDS, BrowserTest  # noqa: E402

TESTS = PROGRAM.parent / "tests/scenarios_tests"
LOOKS = list(itertools.product(("en", "ru"), (390, 1280), (False, True)))
SECTIONS = 4
CHARTS = 9

# Labels of charts that cover each other or are cut off: [title, problem]. Boxes of texts are a little larger than what is
# seen of them.
LABEL_PROBLEMS = """[...document.querySelectorAll("figure")].flatMap(figure => {
  const title = figure.querySelector("figcaption").firstChild.textContent;
  const place = figure.querySelector("svg").getBoundingClientRect();
  const labels = [...figure.querySelectorAll("svg text")].filter(one => one.textContent.trim())
    .map(one => ({ text: one.textContent, box: one.getBoundingClientRect() }));
  const problems = labels.filter(({ box }) => box.left < place.left - 1 || box.right > place.right + 1 ||
    box.top < place.top - 1 || box.bottom > place.bottom + 1).map(({ text }) => `cut off: ${text}`);
  labels.forEach((a, at) => labels.slice(at + 1).forEach(b => {
    const [wide, high] = [Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left),
                          Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top)];
    if (wide > 2 && high > 4) problems.push(`${a.text} on ${b.text}`);
  }));
  return problems.map(problem => [title, problem]);
})"""


def texts(selector):
    return f"[...document.querySelectorAll('{selector}')].map(one => one.textContent)"


class StudyPageTest(BrowserTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        done = subprocess.run([TESTS, "--gtest_filter=StudyPage.SamplePages"], capture_output=True, text=True, check=False,
                              env={**os.environ, "CHANNELCAST_STUDY_PAGES": str(cls.shared)})
        if done.returncode != 0 or not cls.sample("en").exists():
            raise unittest.SkipTest("built without reports") if "built without reports" in done.stdout else AssertionError(done.stdout)

    @classmethod
    def sample(cls, language):
        return cls.shared / f"study-{language}.html"

    def opened(self, language="en", **look):
        page = self.browser.open(self.sample(language), **look)
        self.addCleanup(page.close)
        return page

    def cells(self, page, table):
        return page.evaluate(f"[...document.querySelectorAll('{table} tbody tr')].map(row => [...row.children].map(one => one.textContent))")

    def behind(self, page, title):
        """The table behind a chart."""
        found = page.evaluate("""[...document.querySelectorAll("figure")].map(figure => [
            figure.querySelector("figcaption").firstChild.textContent,
            [...figure.querySelectorAll("details tr")].map(row => [...row.children].map(one => one.textContent))])""")
        return next(rows for name, rows in found if name == title)

    def test_draws_everything_in_both_languages_sizes_and_colours(self):
        for language, width, dark in LOOKS:
            with self.subTest(language=language, width=width, dark=dark):
                page = self.opened(language, width=width, dark=dark)
                self.assertEqual(page.complaints(), [])
                self.assertEqual(page.requests(), [])
                self.assertEqual(page.evaluate(CHART_PROBLEMS), [])
                self.assertEqual(page.evaluate(LABEL_PROBLEMS), [])
                self.assertEqual(page.evaluate("document.querySelectorAll('figure').length"), CHARTS)
                self.assertEqual(page.evaluate("document.querySelectorAll('section').length"), SECTIONS)
                self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width, "the page scrolls sideways")
                text = page.evaluate("document.querySelector('main').textContent")
                for wrong in ("undefined", "NaN", "null", "[object", "Infinity", "{1}"):
                    self.assertNotIn(wrong, text)
                if PICTURES:
                    height = page.evaluate("document.documentElement.scrollHeight")
                    page.picture(Path(PICTURES, f"study-{language}-{width}-{'dark' if dark else 'light'}.png"),
                                 {"x": 0, "y": 0, "width": width, "height": height})

    def test_says_what_it_is_and_on_what_it_rests(self):
        page = self.opened()
        self.assertEqual(page.evaluate("document.querySelector('.kind').textContent"), "Sample of a study")
        self.assertIn("20,000 trials, seed 42 · amounts in RUB", page.evaluate("document.querySelector('header').textContent"))
        self.assertEqual(page.evaluate(texts("nav a")), page.evaluate(texts("h2")))
        self.assertEqual(page.evaluate(texts("h2")), ["1. The answer", "2. What drives NPV", "3. A goal", "4. The frontier"])
        self.assertEqual(page.evaluate("document.title"), HOSTILE_TITLE + " – Sample of a study")
        self.assertIn("Made by channelcast", page.evaluate("document.querySelector('footer').textContent"))
        skip = page.evaluate("document.querySelector('.skip').getAttribute('href')")
        self.assertTrue(page.evaluate(f"document.querySelector('{skip}') !== null"))

    def test_sentences_and_cells_say_their_values(self):
        said = self.opened().evaluate(texts("#answer .meaning p"))
        self.assertEqual(said[0].replace("\u00a0", " "), "“base” has the best contracts with a probability of 93.2 % ± 0.4: "
                         "4.21 ± 0.03 M ₽ on average, payback in month –.")
        self.assertIn("is best in less than 0.04 % of the trials.", said[1].replace("\u00a0", " "))
        said = self.opened("ru").evaluate(texts("#answer .meaning p"))
        self.assertIn("«base» лучший (договоры) с вероятностью 93,2 % ± 0,4: в среднем 4,21 ± 0,03 млн ₽",
                      said[0].replace("\u00a0", " "))
        rows = self.cells(self.opened(), "#answer > .scroll")
        self.assertEqual([cell.replace("\u00a0", " ") for cell in rows[0]],
                         ["base", "4.21 ± 0.03 M ₽", "18.3 ± 0.1", "93.2 % ± 0.4", "92.4 … 93.9 %", "as planned"])
        self.assertEqual(rows[1][2], "–", "beyond the horizon")
        self.assertEqual(rows[2][1], "–", "undefined")
        self.assertEqual(rows[2][3], "<\u00a00.04\u00a0%", "no trial is no certainty")

    def test_every_chart_has_its_figures_in_a_table(self):
        page = self.opened()
        plain = lambda rows: [[cell.replace("\u00a0", " ") for cell in row] for row in rows]  # noqa: E731
        bars = plain(self.behind(page, "Share of the variance of NPV"))
        self.assertEqual(bars[0], ["Input", "First order", "First order: 95 % interval", "Total", "Total: 95 % interval"])
        self.assertEqual(bars[1], ["Win rate · main", "44.0 %", "41.0 … 47.0 %", "51.0 %", "47.0 … 55.0 %"])
        self.assertEqual(bars[5][1:3], ["–", "–"])
        forest = plain(self.behind(page, "Payback by mix"))
        self.assertEqual(forest[0][2], "q10 … q90")
        self.assertEqual(forest[2][1:], ["24", "17 … –"])
        tornado = plain(self.behind(page, "What moves NPV"))
        self.assertEqual(tornado[0][2], "at its q10: from … to")
        lines = plain(self.behind(page, "Probability of the goal"))
        self.assertEqual(len(lines), 22)
        self.assertEqual(lines[1][0], "1")
        self.assertEqual(lines[8][1], "–")
        points = plain(self.behind(page, "Efficient frontier"))
        self.assertEqual(len(points), 1 + 6 + 40 + 1)
        self.assertEqual(points[1][:3], ["On the frontier", "base + partner-0", "−4.00 M ₽"])
        matrix = plain(self.behind(page, "Probability that the row beats the column"))
        self.assertEqual(matrix[1][1:3], ["–", "93 % (92.0 … 94.0 %)"])
        self.assertTrue(matrix[1][4].startswith("> 99.96 %"))

    def test_matrices_have_their_numbers_in_the_cells(self):
        for width in (390, 1280):
            drawn = self.opened(width=width).evaluate("[...[...document.querySelectorAll('figure')].at(-1)"
                                                      ".querySelectorAll('svg text')].map(one => one.textContent)")
            numbers = [text for text in drawn if text.replace("\u00a0", "").rstrip("%").replace(".", "").isdigit()]
            self.assertEqual(len(numbers), 90)

    def test_pointing_at_a_chart_tells_its_figures(self):
        page = self.opened()
        for at in range(CHARTS):
            figure = f"document.querySelectorAll('figure')[{at}]"
            page.evaluate(f"{figure}.scrollIntoView({{ block: 'center' }})")
            labels = f"{figure}.querySelectorAll('svg text').length"
            before = page.evaluate(labels)
            # The middle of the chart and of what is drawn in it, until something is told.
            places = page.evaluate(f"""[{figure}.querySelector('svg'), ...[...{figure}.querySelectorAll('svg path')]
                .filter(one => one.getAttribute('fill') !== 'none' && one.getBBox().width > 4)]
                .map(one => one.getBoundingClientRect()).map(box => [box.left + box.width / 2, box.top + box.height / 2])""")
            told = False
            for x, y in places[:12]:
                page.call("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": x, "y": y})
                page.evaluate("new Promise(done => setTimeout(done, 80))")
                told = told or page.evaluate(labels) > before
            with self.subTest(chart=at):
                self.assertTrue(told)
        self.assertEqual(page.complaints(), [])

    def test_free_text_is_shown_as_text(self):
        page = self.opened()
        self.assertEqual(page.evaluate("document.querySelector('h1').textContent"), HOSTILE_TITLE)
        self.assertEqual(page.evaluate("document.querySelectorAll('img').length"), 0)
        self.assertEqual(page.evaluate("document.querySelectorAll('script').length"), 2)

    def test_russian_pages_have_no_english_words(self):
        for text in self.opened("ru").evaluate(WORDS):
            with self.subTest(text=text):
                self.assertNotRegex(text, r"(?i)\b(the|of|and|with|trials?|months?|interval|mean|median|payback|skip|table)\b")

    def test_follows_the_reader_onto_paper(self):
        page = self.opened(dark=True)
        drawn = "document.querySelector('#drivers svg').outerHTML"
        self.assertNotIn("#1f5fa8", page.evaluate(drawn))
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        self.assertIn("#1f5fa8", page.evaluate(drawn), "paper is white")
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        self.assertNotIn("#1f5fa8", page.evaluate(drawn))

    def test_a_chart_takes_the_height_that_its_width_needs(self):
        page = self.opened()
        page.call("Emulation.setDeviceMetricsOverride", {"width": 390, "height": 900, "deviceScaleFactor": 1, "mobile": True})
        page.evaluate("new Promise(done => setTimeout(done, 300))")
        self.assertEqual(page.evaluate(CHART_PROBLEMS), [])
        self.assertEqual(page.evaluate(LABEL_PROBLEMS), [])

    def test_labels_on_each_other_are_found(self):
        page = self.opened()
        page.evaluate("""(() => { const [a, b] = document.querySelectorAll("#frontier svg text");
          b.setAttribute("x", a.getAttribute("x")); b.setAttribute("y", a.getAttribute("y"));
          b.setAttribute("transform", a.getAttribute("transform") ?? ""); b.textContent = a.textContent; })()""")
        self.assertNotEqual(page.evaluate(LABEL_PROBLEMS), [])
        page.evaluate("document.querySelector('#goal svg text').setAttribute('x', '-300')")
        self.assertTrue(any("cut off" in problem for _, problem in page.evaluate(LABEL_PROBLEMS)))


HOSTILE_TITLE = HOSTILE.split("<!--", maxsplit=1)[0] + "{0}"

if __name__ == "__main__":
    unittest.main()
