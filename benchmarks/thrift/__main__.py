"""Print what the session costs: `python -m benchmarks.thrift`."""

from __future__ import annotations

from .billing import RATES
from .layouts import compare_now


def main() -> None:
    """Replay it for each model."""
    for model in RATES:
        compared = compare_now(model)
        costs = compared.usd()
        print(f"\n{model}, 20 turns")
        print(f"{'':38}{'prompt':>10}{'cached':>10}{'written':>10}{'output':>8}{'USD':>11}")
        for name, bills in compared.bills().items():
            sums = [
                sum(getattr(bill, field) for bill in bills)
                for field in ("prompt", "cached", "written", "output")
            ]
            print(
                f"{name:38}{sums[0]:10,}{sums[1]:10,}{sums[2]:10,}{sums[3]:8,}{costs[name]:11.5f}"
            )
        ours, *others = costs.values()
        print(f"ours: {ours / others[0]:.1%} of the second, {ours / others[1]:.1%} of the third")
        print("turn  estimated  billed   cached  written        USD")
        for record in compared.ours:
            bill = record.bill
            print(
                f"{record.turn:4}{record.estimated:11,}{bill.prompt:8,}{bill.cached:9,}"
                f"{bill.written:9,}{bill.usd(model):11.6f}  {record.kind}"
            )


if __name__ == "__main__":
    main()
