"""How long a check takes: the built-in definitions, and 500 KPIs with 60 cards, as whole processes.

`python tests/bench/checking.py [RUNS]`. Beside each stands a process that only imports what a check imports.

In: the built-in definitions. Out: medians, and whether polars was imported.
Refuses to know: what a check looks for.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any, cast

import yaml

from ccmetrics.catalogue.read import read

ROOT = Path(__file__).resolve().parents[2]
KPIS, CARDS = 500, 60
IMPORTS = "import ccmetrics.cli, ccmetrics.examine, ccmetrics.render.findings, sqlglot, yaml, pydantic"
CHECK = """
import sys
sys.argv = ["ccmetrics", "check", *{arguments!r}]
from ccmetrics.cli import main
try:
    main()
except SystemExit as stop:
    sys.stderr.write(f"code={{stop.code}} polars={{'polars' in sys.modules}}")
"""


class Plain(yaml.SafeDumper):
    """Writes everything out."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def documents(pattern: str) -> list[dict[str, Any]]:
    files = sorted(ROOT.glob(pattern))
    return [cast("Any", spot.data) for path in files for spot in read(path.name, path.read_bytes()).documents]


def larger(folder: Path) -> Path:
    """The built-in definitions, their KPIs and cards several times under names of their own. No copy has the text of
    another, so that nothing is parsed once for all."""
    kpis = {name: kpi for text in documents("configs/kpis/*.yaml") for name, kpi in text["kpis"].items()}
    every = [
        (f"{name}_{at}" if at else name, kpi, at) for at in range(KPIS // len(kpis) + 1) for name, kpi in kpis.items()
    ]
    parts = [{"kpis": {name: copied(kpi, at) for name, kpi, at in every[:KPIS]}}]
    for at in range(CARDS // len(cards := documents("configs/cards/*.yaml"))):
        parts += [{**card, "card": f"{card['card']}_{at}" if at else card["card"]} for card in cards]
    parts += [*documents("configs/*.yaml"), *documents("configs/measures/*.yaml"), *documents("configs/layouts/*.yaml")]
    for at, part in enumerate(parts):
        (folder / f"{at:03}.yaml").write_text(
            yaml.dump(part, Dumper=Plain, allow_unicode=True, sort_keys=False), "utf-8"
        )
    return folder


def copied(kpi: dict[str, Any], at: int) -> dict[str, Any]:
    def formula(text: str) -> str:
        return f"{text}{' ' * at}"

    variants = {
        name: formula(one) if isinstance(one, str) else {**one, "formula": formula(one["formula"])}
        for name, one in kpi.get("variants", {}).items()
    }
    return {**kpi, **({"variants": variants} if variants else {"formula": formula(kpi["formula"])})}


def seconds(code: str) -> tuple[float, str]:
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    return time.perf_counter() - started, done.stderr.strip().splitlines()[-1] if done.stderr.strip() else ""


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        big = str(larger(Path(name)))
        cases = {
            "imports": IMPORTS,
            "built-in": CHECK.format(arguments=()),
            "500 KPIs, 60 cards": CHECK.format(arguments=(big,)),
        }
        taken: dict[str, list[float]] = {case: [] for case in cases}
        said: dict[str, str] = {}
        for _ in range(runs):
            for case, code in cases.items():
                spent, said[case] = seconds(code)
                taken[case].append(spent)
        base = median(taken["imports"])
        for case, times in taken.items():
            print(f"{case:20} {median(times):6.3f} s, {median(times) - base:+.3f} s beyond imports  {said[case]}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
