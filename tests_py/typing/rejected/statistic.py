"""barter's figures."""

from __future__ import annotations

import barter_python as bp
from barter_python import statistic

statistic.RateOfReturn.calculate(0.1, bp.TimeInterval.DAILY)  # type: ignore[arg-type]
statistic.RateOfReturn.calculate(1, "daily")  # type: ignore[arg-type]
statistic.RateOfReturn.calculate(1, 86_400)  # type: ignore[arg-type]
statistic.DataSetSummary.of([0.1])  # type: ignore[list-item]
statistic.DrawdownGenerator()  # type: ignore[call-arg]
statistic.WinRate.calculate(wins=1, total=2).value  # type: ignore[union-attr]
