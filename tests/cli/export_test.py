"""report and export on the command line: what they write, what they refuse, and that other programs can read it."""

import csv
import math
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

import h5py

SOURCE = Path(os.environ.get("CHANNELCAST_SOURCE_DIR", Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(SOURCE / "tests"))
from support.cli import CliTest  # noqa: E402

try:
    import openpyxl
except ImportError:
    openpyxl = None
SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")

TABLES = {
    "run": ["key", "value"],
    "summary": ["metric", "unit", "statistic", "value", "mcse"],
    "targets": ["target", "probability", "mcse", "low", "high"],
    "target_conditions": ["target", "metric", "relation", "bound"],
    "risk": ["metric", "tail", "level", "var", "cvar", "cvar_mcse"],
    "series": ["metric", "unit", "period", "start", "statistic", "value", "mcse"],
    "distributions": ["metric", "where", "end_month", "probability", "mcse", "cumulative", "cumulative_mcse"],
    "exceedance": ["metric", "amount", "probability", "mcse"],
    "partners": ["partner", "metric", "unit", "statistic", "value", "mcse"],
    "partner_series": ["partner", "metric", "unit", "period", "start", "statistic", "value", "mcse"],
    "uncertain_inputs": ["input", "unit", "statistic", "value", "mcse"],
    "given_inputs": ["input", "value", "unit", "provenance"],
}


class RunFile(CliTest):
    def run_file(self, *arguments, name='"small"'):
        scenario = Path(self.small())
        scenario.write_text(scenario.read_text(encoding="utf-8").replace('name = "small"', f"name = {name}", 1), encoding="utf-8")
        self.command("run", scenario, "-o", "run.h5", "-q", *arguments)
        return self.path("run.h5")

    def rows(self, table):
        with open(self.folder / "tables" / f"{table}.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


class Csv(RunFile):
    def test_tables_have_their_names_and_columns(self):
        self.command("export", self.run_file(), "--csv", "tables")
        self.assertEqual(sorted(path.stem for path in (self.folder / "tables").iterdir()), sorted(TABLES))
        for name, columns in TABLES.items():
            with open(self.folder / "tables" / f"{name}.csv", encoding="utf-8", newline="") as file:
                self.assertEqual(next(csv.reader(file)), columns, name)

    def test_figures_are_the_same_bits_as_in_the_run_file(self):
        path = self.run_file()
        self.command("export", path, "--csv", "tables")
        exported = {(row["metric"], row["statistic"]): row for row in self.rows("summary")}
        with h5py.File(path) as run:
            for row in run["summary"][:]:
                metric = row["metric"].decode()
                for statistic in ("mean", "sd", "q10", "q50", "q95", "p_within_horizon"):
                    text = exported[metric, statistic]["value"]
                    value = row[statistic]
                    self.assertEqual(text == "", math.isnan(value), (metric, statistic))
                    if text:
                        self.assertEqual(float(text), value, (metric, statistic))
            self.assertEqual(float(exported["npv", "mean"]["mcse"]),
                             next(row["mcse"] for row in run["summary"][:] if row["metric"] == b"npv"))
            median = [float(row["value"]) for row in self.rows("series")
                      if (row["metric"], row["statistic"]) == ("cumulative_cash", "q50")]
            self.assertEqual(median, list(run["series/cumulative_cash/quantiles"][3]))

    def test_beyond_the_horizon_is_inf_and_has_its_own_row(self):
        self.command("export", self.run_file("--set", "partner.*.customer.revenue_per_month=1"), "--csv", "tables")
        payback = {row["statistic"]: row["value"] for row in self.rows("summary") if row["metric"] == "payback_months"}
        self.assertEqual((payback["q50"], payback["mean"], payback["p_within_horizon"]), ("inf", "", "0"))
        last = [row for row in self.rows("distributions") if row["metric"] == "payback_months"][-1]
        self.assertEqual((last["where"], last["end_month"], last["probability"]), ("beyond_horizon", "inf", "1"))

    def test_free_text_is_quoted(self):
        self.command("export", self.run_file(name="'''a, \"b\"\nc'''"), "--csv", "tables")
        self.assertIn({"key": "scenario_name", "value": 'a, "b"\nc'}, self.rows("run"))

    def test_inputs_come_with_value_and_origin(self):
        self.command("export", self.run_file("--set", "finance.budget=123456"), "--csv", "tables")
        given = {row["input"]: row for row in self.rows("given_inputs")}
        self.assertEqual((given["finance.budget"]["value"], given["finance.budget"]["provenance"]), ("123456.0", "--set"))
        self.assertEqual(given["partner.alpha.volume.leads_per_month"]["value"], "uniform(min=80.0, max=120.0)")

    def test_a_second_export_takes_the_place_of_the_first(self):
        path = self.run_file()
        for _ in range(2):
            self.command("export", path, "--csv", "tables")
        self.assertEqual(len(list((self.folder / "tables").iterdir())), len(TABLES), "no temporary file is left")


@unittest.skipUnless(openpyxl, "no openpyxl here")
class Xlsx(RunFile):
    def test_sheets_figures_and_charts(self):
        path = self.run_file()
        self.command("export", path, "--xlsx", "run.xlsx")
        book = openpyxl.load_workbook(self.path("run.xlsx"))
        self.assertEqual(book.sheetnames, ["Summary", "By period", "Moments", "Partners", "Inputs", "Run"])
        with h5py.File(path) as run:
            self.assertEqual(len(book["By period"]._charts), len(run["series"]))
            means = {row["metric"].decode(): row["mean"] for row in run["summary"][:]}
        summary = {row[0]: row[2] for row in book["Summary"].iter_rows(values_only=True)}
        self.assertAlmostEqual(summary["npv"], means["npv"], delta=1e-9 * abs(means["npv"]))
        self.assertEqual(len(book["Moments"]._charts), 6)
        self.assertEqual([row[0] for row in book["Partners"].iter_rows(values_only=True)], ["partner", "alpha"])

    def test_dates_are_dates_and_headings_stay_in_sight(self):
        path = self.run_file()
        self.command("export", path, "--xlsx", "run.xlsx")
        book = openpyxl.load_workbook(self.path("run.xlsx"))
        with h5py.File(path) as run:
            starts = list(run["period_start"].asstr())
        shown = {cell.value.date().isoformat() for row in book["By period"].iter_rows() for cell in row if cell.is_date}
        self.assertEqual(shown, set(starts))
        for sheet in ("Summary", "Partners", "Inputs"):
            self.assertRegex(book[sheet].freeze_panes or "", r"^[A-Z]+[2-9]\d*$", sheet)

    def test_a_link_to_a_workbook_stays(self):
        path = self.run_file()
        (self.folder / "link.xlsx").symlink_to("there.xlsx")
        self.command("export", path, "--xlsx", "link.xlsx")
        self.assertTrue((self.folder / "link.xlsx").is_symlink())
        self.assertEqual(openpyxl.load_workbook(self.path("there.xlsx")).sheetnames[0], "Summary")

    def test_free_text_is_no_formula(self):
        self.command("export", self.run_file(name='"=1+2"'), "--xlsx", "run.xlsx")
        cell = openpyxl.load_workbook(self.path("run.xlsx"))["Summary"]["A1"]
        self.assertEqual((cell.value, cell.data_type), ("=1+2", "s"))

    def test_is_the_same_file_each_time(self):
        path = self.run_file()
        self.command("export", path, "--xlsx", "a.xlsx")
        self.command("export", path, "--xlsx", "b.xlsx")
        self.assertEqual(Path(self.path("a.xlsx")).read_bytes(), Path(self.path("b.xlsx")).read_bytes())

    @unittest.skipUnless(SOFFICE, "no LibreOffice here")
    def test_libreoffice_opens_it(self):
        self.command("export", self.run_file(), "--xlsx", "run.xlsx")
        done = subprocess.run([SOFFICE, "--headless", f"-env:UserInstallation=file://{self.folder}/profile", "--convert-to", "csv",
                               "--outdir", self.folder, self.path("run.xlsx")], capture_output=True, text=True, timeout=240,
                              check=False)
        self.assertTrue(Path(self.path("run.csv")).exists(), done.stdout + done.stderr)
        self.assertIn("payback_months", Path(self.path("run.csv")).read_text(encoding="utf-8"))


class Refusals(RunFile):
    def test_export_without_anything_to_write(self):
        done = self.command("export", self.run_file(), expect=2)
        self.assert_fragments(done.stderr, "--csv DIR", "--xlsx FILE")

    def test_files_that_cannot_be_written(self):
        run = self.run_file()
        self.write("taken", "a file")
        self.assert_fragments(self.command("export", run, "--csv", "taken", expect=4).stderr, "taken")
        self.command("export", run, "--csv", "none/tables", expect=4)
        self.command("export", run, "--xlsx", "none/run.xlsx", expect=4)
        self.command("report", run, "-o", "none/report.html", expect=4)
        self.assertEqual(self.files(), ["run.h5", "small.toml", "taken"])

    def test_the_run_file_is_never_overwritten(self):
        run = self.run_file()
        before = Path(run).read_bytes()
        self.command("export", run, "--xlsx", run, expect=2)
        self.command("report", run, "-o", run, expect=2)
        self.command("run", self.path("small.toml"), "--report", self.path("small.toml"), expect=2)
        self.command("run", self.path("small.toml"), "-o", "r.h5", "--report", "./r.h5", expect=2)
        self.command("run", self.path("small.toml"), "--json", "-", "--report", "-", expect=2)
        self.assertEqual(Path(run).read_bytes(), before)

    def test_what_is_no_run_file(self):
        self.write("other.h5", "text")
        for arguments in (("report", "other.h5", "-o", "x.html"), ("export", "other.h5", "--csv", "x")):
            self.command(*arguments, expect=3)
        self.command("report", "missing.h5", "-o", "x.html", expect=4)
        self.assertEqual(self.files(), ["other.h5"])

    def test_an_unknown_language(self):
        self.assert_fragments(self.command("report", self.run_file(), "-o", "x.html", "--lang", "de", expect=2).stderr, "--lang")


class Report(RunFile):
    def test_is_the_same_from_the_run_and_from_its_file(self):
        run = self.run_file("--report", "from_run.html")
        self.command("report", run, "-o", "from_file.html")
        self.assertEqual(Path(self.path("from_run.html")).read_bytes(), Path(self.path("from_file.html")).read_bytes())
        self.assertEqual(self.command("report", run, "-o", "-").stdout, Path(self.path("from_file.html")).read_text(encoding="utf-8"))

    def test_of_a_shard_says_that_it_is_one(self):
        self.command("run", self.small(), "--shard", "2/2", "-o", "part.h5", "--report", "part.html", "-q")
        self.assert_fragments(Path(self.path("part.html")).read_text(encoding="utf-8"), '"shard":2', '"problem":""')

    def test_without_a_run_file(self):
        self.command("run", self.small(), "--report", "report.html", "--lang", "ru", "-q")
        self.assert_fragments(Path(self.path("report.html")).read_text(encoding="utf-8"), '<html lang="ru">', '"trials":200')


if __name__ == "__main__":
    unittest.main()
