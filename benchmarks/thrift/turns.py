"""The twenty turns of the session: questions, answers, and what is done to the notebook."""

from __future__ import annotations

from typing import Any

from .source import COLUMNS


def answer_of(turn: int, kind: str, name: str, unit: str, code: str) -> str:
    """About 300 tokens: what a model would say, with one block of code."""
    why = {
        "explain": f"The cell works in three steps: it marks the values of `{name}` that cannot be "
        f"true, fills them by the station's median and remembers where it did so. The second "
        f"`fillna` only matters for stations without any value of their own.",
        "fix": f"The error comes from `{name}`: after the `unstack` the columns have two levels, "
        f"so the plain name is no longer a key. Select both levels, or flatten the names first.",
        "extend": f"To split the hires by {name} you need classes of about equal size, so use "
        f"quantiles rather than fixed borders; the labels then carry the borders in {unit}.",
        "plot": f"A heat map of weekday against hour shows the {name} best, because the two peaks "
        f"of the commuters stand apart from the weekend. Keep the colours of one scale for all.",
        "refactor": f"The steps for `{name}` are those of all other columns. One function with the "
        f"borders as arguments replaces them, and the message is printed in one place only.",
    }[kind]
    return (
        f"{why}\n\n```python\n{code}\n```\n\nRun it after the cell that cleans the {name}; it "
        f"takes about {2 + turn % 5} seconds for the whole year. If a station has fewer than "
        f"{20 + turn} hires, its figures jump about: leave those out before you compare, or show "
        f"the number of hires beside them.\n"
    )


def code_of(turn: int, kind: str, name: str, unit: str) -> str:
    """What the session puts into the notebook: a cell of about 230 tokens."""
    few = (
        f"\n\nper_station = hires.groupby('station')['{name}'].agg(['size', 'median'])\n"
        f"few = per_station.query('size < {20 + turn}')\n"
        f"print(f'{{len(few)}} of {{len(per_station)}} stations have too few for the {name}')\n"
        f"kept_{turn} = hires[~hires['station'].isin(few.index)]\n"
        f"print(f'{{1 - len(kept_{turn}) / len(hires):.1%}} of the hires are left out')"
    )
    return step_of(turn, kind, name, unit) + few


def step_of(turn: int, kind: str, name: str, unit: str) -> str:
    return {
        "explain": f"checked = hires[['station', '{name}', '{name}_filled']].copy()\n"
        f"share = checked.groupby('station')['{name}_filled'].mean().sort_values()\n"
        f"print(f'{{(share > 0.1).sum()}} stations with more than a tenth filled')\n"
        f"before = checked.loc[~checked['{name}_filled'], '{name}'].describe()\n"
        f"after = checked['{name}'].describe()\n"
        f"compared = pd.DataFrame({{'measured': before, 'all': after}}).round(2)\n"
        f"compared['change'] = (compared['all'] / compared['measured'] - 1).round(3)\n"
        f"compared.loc[['mean', 'std', '25%', '50%', '75%']]",
        "fix": f"flat_{turn} = {name}_by_hour.copy()\n"
        f"flat_{turn}.columns = [f'{{what}}_{{who}}' for what, who in flat_{turn}.columns]\n"
        f"flat_{turn} = flat_{turn}.reset_index().rename(columns={{'hour': 'hour_of_day'}})\n"
        f"missing = set(range(24)) - set(flat_{turn}['hour_of_day'])\n"
        f"if missing:\n    print('hours without a hire:', sorted(missing))\n"
        f"flat_{turn}['share'] = flat_{turn}['count_True'] / (\n"
        f"    flat_{turn}['count_True'] + flat_{turn}['count_False']\n)\n"
        f"flat_{turn}.round(3).head(12)",
        "extend": f"borders = hires['{name}'].quantile([0, 0.25, 0.5, 0.75, 1]).to_numpy()\n"
        f"borders = np.unique(borders.round(2))\n"
        f"labels = [f'{{low:g}} to {{high:g}} {unit}' for low, high in zip(borders, borders[1:])]\n"
        f"hires['{name}_class'] = pd.cut(\n"
        f"    hires['{name}'], borders, labels=labels, include_lowest=True\n)\n"
        f"by_class_{turn} = hires.groupby('{name}_class', observed=True).agg(\n"
        f"    hires=('duration', 'size'),\n    minutes=('duration', 'median'),\n"
        f"    price=('price', 'mean'),\n)\nby_class_{turn}.round(2)",
        "plot": f"grid = hires.pivot_table(\n    index=hires['start'].dt.dayofweek,\n"
        f"    columns=hires['start'].dt.hour,\n    values='{name}',\n    aggfunc='median',\n)\n"
        f"figure, axes = plt.subplots(figsize=(10, 3))\n"
        f"image = axes.imshow(grid, aspect='auto', cmap='viridis')\n"
        f"axes.set_yticks(range(7), ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'])\n"
        f"axes.set_xlabel('hour of the day')\n"
        f"figure.colorbar(image, label='{name} ({unit})')\n"
        f"axes.set_title('Median {name} by weekday and hour')\nplt.show()",
        "refactor": f"def clean_{turn}(table, name, low, high, by='station'):\n"
        f'    """Values outside of the borders are filled by the median of the group."""\n'
        f"    inside = table[name].between(low, high)\n"
        f"    values = table[name].where(inside)\n"
        f"    groups = values.groupby(table[by]).transform('median')\n"
        f"    filled = values.fillna(groups).fillna(values.median())\n"
        f"    print(f'{{name}}: {{(~inside).sum():,}} of {{len(table):,}} were wrong')\n"
        f"    return table.assign(**{{name: filled, f'{{name}}_filled': ~inside}})\n\n\n"
        f"hires = clean_{turn}(hires, '{name}', -100, 1000)\nhires['{name}'].describe().round(2)",
    }[kind]


KINDS = ("explain", "fix", "extend", "plot", "refactor")


def turns(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Twenty turns, each with what the user does to the notebook before the next."""
    found = []
    for turn in range(20):
        kind = KINDS[turn % 5]
        name, unit, *_ = COLUMNS[(turn * 3) % len(COLUMNS)]
        code = code_of(turn, kind, name, unit)
        found.append(
            {
                "kind": kind,
                "about": about(cells, kind, name),
                "question": question_of(kind, name),
                "answer": answer_of(turn, kind, name, unit, code),
                "insert": {"id": f"new-{turn:02}", "kind": "code", "source": code},
                "edit": edit_of(turn),
            }
        )
    return found


def question_of(kind: str, name: str) -> str:
    return {
        "explain": f"Explain how this cell puts the {name} right. Can I trust the result?",
        "fix": f"This fails since I unstacked the table of the {name}. What is wrong?",
        "extend": f"Add classes of the {name}, and the median duration and mean price for each.",
        "plot": f"How does the {name} depend on weekday and hour? One plot, please.",
        "refactor": f"The cell for the {name} is like all the others. Make one function of them.",
    }[kind]


def about(cells: list[dict[str, Any]], kind: str, name: str) -> str:
    """Id of the cell that is attached; the answer's code goes under it."""
    mark = {"fix": f"{name}_by_hour = (", "plot": f"left.hist(hires['{name}']"}.get(
        kind, f"def clean_{name}("
    )
    return next(str(cell["id"]) for cell in cells if mark in "".join(cell["source"]))


def edit_of(turn: int) -> dict[str, str]:
    """A small edit by hand beside the answer: in a text or a plot, anywhere in the notebook."""
    name, unit, _, low, high = COLUMNS[(turn * 5 + 2) % len(COLUMNS)]
    if turn % 2:
        return {"find": f"## {name.capitalize()}\n\nIn {unit}: ", "add": f"(checked, step {turn}) "}
    return {
        "find": f"between({low}, {high})\n",
        "add": f"    # borders agreed in week {turn + 3}\n",
    }
