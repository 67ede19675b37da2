"""Reads the includes of the project and fails on one that the architecture forbids.

Layers: sim <- {models, output} <- scenarios. Third-party libraries stay behind their fences. The self-tests
below put wrong includes into a made-up tree and expect each to be found: a check that finds nothing anywhere
would pass for ever.
"""

import os
import re
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("CHANNELCAST_SOURCE_DIR", Path(__file__).resolve().parents[2]))

# What each folder may include of the project. Tests and benchmarks are not listed: they may include
# anything, and nothing may include them.
LAYERS = {
    "sim": {"sim"},
    "models": {"sim", "models"},
    "output": {"sim", "output"},
    "scenarios": {"sim", "models", "output", "scenarios"},
}
PROJECT_FOLDERS = set(LAYERS) | {"tests", "bench"}

# Third-party library -> (how its includes look, which files may have them).
FENCES = {
    "TBB": (r"(oneapi/)?tbb(/|\.h$)", r"sim/scheduler[^/]*\.(hpp|cpp)$|sim/scheduler/"),
    "HDF5": (r"(hdf5(_hl)?|H5[A-Za-z0-9_]*)\.h$", r"output/"),
    "CLI11": (r"CLI(/|\d*\.hpp$)", r"scenarios/cli/"),
    "toml++": (r"toml\+\+/|toml\.hpp$", r"scenarios/format/"),
    "Highway": (r"hwy/", r"sim/rng/|sim/lane_math|sim/stats/value_bins"),
    "Random123": (r"Random123/", r"sim/rng/"),
    "nlohmann_json": (r"nlohmann/", r"output/|scenarios/"),
    "Boost": (r"boost/", r"sim/|models/|scenarios/studies/"),
    "Eigen": (r"(unsupported/)?Eigen/", r"sim/|models/|scenarios/studies/"),
    "libxlsxwriter": (r"xlsxwriter(\.h$|/)", r"output/export/workbook"),
    "fmt": (r"fmt/", r""),
    "GoogleTest": (r"(gtest|gmock)/", r"(?!)"),
    "Google Benchmark": (r"benchmark/", r"(?!)"),
    "GSL": (r"gsl/", r"(?!)"),
    "libquadmath": (r"quadmath\.h$", r"(?!)"),
}
# Headers of the language and of the system: <vector>, <unistd.h>, <sys/stat.h>.
SYSTEM = re.compile(r"[a-z0-9_]+(\.h)?$|(sys|linux|arpa|netinet)/")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.MULTILINE)
BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def without_block_comments(text):
    return BLOCK_COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), text)


def problem_of(file, include):
    """Why the file (a path from the root, e.g. "sim/error.hpp") may not have the include; None if it may."""
    folder = file.split("/")[0]
    target = include.split("/")[0]
    if "/" in include and target in PROJECT_FOLDERS:
        if target not in LAYERS[folder]:
            allowed = ", ".join(sorted(LAYERS[folder]))
            return f"{folder}/ may include only {allowed}"
        return None
    for library, (pattern, places) in FENCES.items():
        if re.match(pattern, include):
            return None if re.match(places, file) else f"{library} does not belong here"
    if SYSTEM.match(include):
        return None
    return "neither a path from the project's root nor a library this test knows (see FENCES)"


def sources(root):
    for folder in LAYERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".hpp", ".cpp", ".h", ".cc", ".inc"} and path.is_file():
                yield path


def violations(root):
    """"file:line: #include <x>: why not" for each forbidden include below the root."""
    found = []
    for path in sources(root):
        file = path.relative_to(root).as_posix()
        text = without_block_comments(path.read_text(encoding="utf-8"))
        for match in INCLUDE.finditer(text):
            problem = problem_of(file, match.group(1))
            if problem:
                line = text.count("\n", 0, match.start(1)) + 1
                found.append(f"{file}:{line}: include of {match.group(1)}: {problem}")
    return found


# The script of the report: relative imports, and the chart library where it belongs.
WEB_SOURCES = "output/report/web/src"
WEB_IMPORT = re.compile(r'^(?:import|export)\b[^"\']*?from\s+["\']([^"\']+)["\']|^import\s+["\']([^"\']+)["\']', re.MULTILINE)


def web_violations(root):
    """"file: import of x" for each import of the report's script that does not belong where it is."""
    found = []
    for path in sorted((root / WEB_SOURCES).rglob("*.ts")):
        for match in WEB_IMPORT.finditer(path.read_text(encoding="utf-8")):
            module = match.group(1) or match.group(2)
            allowed = module.startswith(".") or (
                module.startswith("echarts/") and path.name in {"charts.ts", "echarts-options.ts"})
            if not allowed:
                found.append(f"{path.relative_to(root).as_posix()}: import of {module}")
    return found


class Architecture(unittest.TestCase):
    def test_every_include_is_allowed(self):
        found = violations(ROOT)
        self.assertFalse(found, "forbidden includes:\n" + "\n".join(found))

    def test_every_import_of_the_report_is_allowed(self):
        self.assertEqual(web_violations(ROOT), [])

    def test_the_tree_was_read(self):
        self.assertTrue(any(True for _ in sources(ROOT)), f"no sources below {ROOT}")


class SelfTest(unittest.TestCase):
    def violations_of(self, files):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return violations(Path(folder))

    def test_a_wrong_include_is_found_where_it_is(self):
        found = self.violations_of({"sim/block.cpp": '#include <vector>\n\n#include "models/volume.hpp"\n'})
        self.assertEqual(len(found), 1)
        self.assertTrue(found[0].startswith("sim/block.cpp:3: "), found[0])

    def test_wrong_layers_are_found(self):
        for file, include in [
            ("sim/a.hpp", '"models/a.hpp"'),
            ("sim/a.hpp", '"output/a.hpp"'),
            ("sim/a.hpp", '"scenarios/format/a.hpp"'),
            ("models/a.cpp", '"output/a.hpp"'),
            ("models/a.cpp", '"scenarios/cli/a.hpp"'),
            ("output/report/a.cpp", '"models/a.hpp"'),
            ("output/a.hpp", '"scenarios/format/a.hpp"'),
            ("scenarios/cli/a.cpp", '"tests/support/a.hpp"'),
            ("scenarios/cli/a.cpp", '"bench/a.hpp"'),
            ("sim/rng/a.cpp", '"stream.hpp"'),
            ("sim/a.cpp", '"../models/a.hpp"'),
        ]:
            with self.subTest(file=file, include=include):
                self.assertEqual(len(self.violations_of({file: f"#include {include}\n"})), 1)

    def test_libraries_outside_their_fences_are_found(self):
        for file, include in [
            ("sim/blocks.cpp", "<tbb/parallel_for.h>"),
            ("models/step.cpp", "<oneapi/tbb/parallel_for.h>"),
            ("scenarios/cli/run.cpp", "<tbb/global_control.h>"),
            ("sim/shards.cpp", "<hdf5.h>"),
            ("scenarios/cli/run.cpp", "<H5Fpublic.h>"),
            ("scenarios/format/a.cpp", "<CLI/CLI.hpp>"),
            ("scenarios/cli/a.cpp", "<toml++/toml.h>"),
            ("models/volume.cpp", "<hwy/highway.h>"),
            ("sim/stats/a.cpp", '"hwy/highway.h"'),
            ("sim/stats/a.cpp", "<Random123/philox.h>"),
            ("sim/a.cpp", "<nlohmann/json.hpp>"),
            ("output/a.cpp", "<Eigen/Dense>"),
            ("output/export/csv.cpp", "<xlsxwriter.h>"),
            ("output/a.cpp", "<boost/random.hpp>"),
            ("models/a.cpp", "<gtest/gtest.h>"),
            ("sim/a.cpp", "<benchmark/benchmark.h>"),
            ("sim/a.cpp", "<gsl/gsl_cdf.h>"),
            ("sim/a.cpp", "<quadmath.h>"),
            ("sim/a.cpp", "<spdlog/spdlog.h>"),
        ]:
            with self.subTest(file=file, include=include):
                self.assertEqual(len(self.violations_of({file: f" # include {include}\n"})), 1)

    def test_wrong_imports_of_the_report_are_found(self):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, WEB_SOURCES)
            source.mkdir(parents=True)
            (source / "main.ts").write_text('import { init } from "echarts/core";\nimport {\n  a,\n} from "./a";\nimport "x";\n')
            (source / "charts.ts").write_text('import { init } from "echarts/core";\nimport { b } from "lodash";\n')
            self.assertEqual(len(web_violations(Path(folder))), 3)

    def test_right_includes_pass(self):
        found = self.violations_of(
            {
                "sim/scheduler.cpp": "#include <tbb/parallel_for.h>\n#include <vector>\n#include <sys/stat.h>\n",
                "sim/rng/philox.cpp": '#include <hwy/highway.h>\n#include "sim/rng/stream.hpp"\n',
                "sim/lane_math.cpp": '#include "hwy/foreach_target.h"\n',
                "models/volume.cpp": '#include <Eigen/Dense>\n#include "sim/error.hpp"\n',
                "output/export/workbook.cpp": "#include <xlsxwriter.h>\n",
                "output/run_file.cpp": '#include <hdf5.h>\n#include <hdf5_hl.h>\n#include "sim/error.hpp"\n',
                "scenarios/format/parse.cpp": '#include <toml++/toml.h>\n#include <fmt/format.h>\n',
                "scenarios/cli/main.cpp": '#include <CLI/CLI.hpp>\n#include "output/a.hpp"\n#include "models/a.hpp"\n',
                "tests/sim/a_test.cpp": '#include <tbb/global_control.h>\n',
                "sim/comment.cpp": '/*\n#include "models/a.hpp"\n*/\n// #include "models/a.hpp"\n',
            }
        )
        self.assertEqual(found, [])


if __name__ == "__main__":
    unittest.main()
