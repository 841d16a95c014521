"""The notebook of the session: what its cells hold."""

from __future__ import annotations

# Name, unit, what it is, lowest and highest value that can be true.
COLUMNS = (
    ("duration", "minutes", "how long a hire lasts", "0", "240"),
    ("distance", "kilometres", "how far the bicycle went", "0", "60"),
    ("temperature", "degrees", "the air at the station nearest to the start", "-25", "45"),
    ("rain", "millimetres", "what fell in the hour before the hire began", "0", "40"),
    ("wind", "metres per second", "the mean of the hour, at ten metres above ground", "0", "35"),
    ("age", "years", "as the customer gave it when they signed up", "14", "99"),
    ("price", "euros", "what was charged, without the deposit", "0", "90"),
    ("battery", "percent", "the charge when the bicycle came back", "0", "100"),
)


def source_cells() -> list[tuple[str, str]]:
    """Kind and source of each cell."""
    cells = [
        (
            "markdown",
            "# Hires of a year\n\nWhich hires are long, and what makes them so? The table has one "
            "row for each hire of 2025: times, stations, the bicycle, the weather and the price. "
            "We clean it column by column, look at it, and fit two models.\n",
        ),
        (
            "code",
            "from pathlib import Path\n\nimport matplotlib.pyplot as plt\nimport numpy as np\n"
            "import pandas as pd\nfrom sklearn.ensemble import HistGradientBoostingRegressor\n"
            "from sklearn.linear_model import Ridge\nfrom sklearn.metrics import "
            "mean_absolute_error, r2_score\nfrom sklearn.model_selection import train_test_split\n"
            "\nplt.rcParams['figure.figsize'] = (9, 4)\npd.set_option('display.width', 120)\n"
            "rng = np.random.default_rng(7)",
        ),
        (
            "code",
            "DATA = Path('data')\n\n\ndef load(year: int) -> pd.DataFrame:\n"
            '    """All hires of a year, one row each."""\n'
            "    frames = [pd.read_parquet(path) for path in sorted(DATA.glob(f'{year}-*.pq'))]"
            "\n    hires = pd.concat(frames, ignore_index=True)\n"
            "    hires['start'] = pd.to_datetime(hires['start'], utc=True)\n"
            "    hires['end'] = pd.to_datetime(hires['end'], utc=True)\n"
            "    return hires.sort_values('start').reset_index(drop=True)\n\n\n"
            "hires = load(2025)\nhires.head()",
        ),
    ]
    for column in COLUMNS:
        cells += column_cells(*column)
    return [*cells, *model_cells()]


def column_cells(name: str, unit: str, what: str, low: str, high: str) -> list[tuple[str, str]]:
    title = name.capitalize()
    return [
        (
            "markdown",
            f"## {title}\n\nIn {unit}: {what}. Values below {low} or above {high} are errors of "
            f"the meter; they become missing, and are filled by the median of the station, or of "
            f"all where a station has none. We keep a flag, `{name}_filled`, since a missing "
            f"{name} may itself say something about the hire.\n",
        ),
        (
            "code",
            f"def clean_{name}(table: pd.DataFrame) -> pd.DataFrame:\n"
            f'    """Put the {name} right and say where it was filled."""\n'
            f"    table = table.copy()\n"
            f"    wrong = ~table['{name}'].between({low}, {high})\n"
            f"    table.loc[wrong, '{name}'] = np.nan\n"
            f"    table['{name}_filled'] = table['{name}'].isna()\n"
            f"    by_station = table.groupby('station')['{name}'].transform('median')\n"
            f"    table['{name}'] = table['{name}'].fillna(by_station)\n"
            f"    table['{name}'] = table['{name}'].fillna(table['{name}'].median())\n"
            f'    print(f"{name}: {{wrong.sum():,}} of {{len(table):,}} were wrong")\n'
            f"    return table\n\n\nhires = clean_{name}(hires)",
        ),
        (
            "code",
            f"figure, (left, right) = plt.subplots(1, 2)\n"
            f"left.hist(hires['{name}'], bins=60, color='tab:blue')\n"
            f"left.set_xlabel('{name} ({unit})')\nleft.set_ylabel('hires')\n"
            f"monthly = hires.groupby(hires['start'].dt.month)['{name}'].agg(['mean', 'std'])\n"
            f"right.errorbar(monthly.index, monthly['mean'], monthly['std'], marker='o')\n"
            f"right.set_xlabel('month')\nright.set_ylabel('mean {name}')\n"
            f"figure.suptitle('{title} of the hires in {unit}')\nplt.show()",
        ),
        (
            "code",
            f"def {name}_at(station: str, month: int | None = None) -> pd.Series:\n"
            f'    """The {name} of the hires that began at a station, in a month or in all."""\n'
            f"    chosen = hires['station'].eq(station)\n"
            f"    if month is not None:\n"
            f"        chosen &= hires['start'].dt.month.eq(month)\n"
            f"    found = hires.loc[chosen, '{name}']\n"
            f"    if found.empty:\n"
            f"        raise ValueError(f'no hires at {{station}} in month {{month}}')\n"
            f"    return found\n\n\n"
            f"busiest = hires['station'].value_counts().index[:3]\n"
            f"for station in busiest:\n"
            f"    winter, summer = {name}_at(station, 1), {name}_at(station, 7)\n"
            f"    change = summer.median() - winter.median()\n"
            f"    print(f'{{station}}: {{change:+.1f}} {unit} from January to July')",
        ),
        (
            "code",
            f"rest = [column for column in hires.select_dtypes('number') if column != '{name}']\n"
            f"related = hires[rest].corrwith(hires['{name}']).sort_values(key=abs)\n"
            f"related.tail(3).round(2)",
        ),
        (
            "code",
            f"{name}_by_hour = (\n    hires.assign(hour=hires['start'].dt.hour)\n"
            f"    .groupby(['hour', 'member'])['{name}']\n"
            f"    .agg(['count', 'mean', 'median'])\n    .round(2)\n    .unstack('member')\n)\n"
            f"{name}_by_hour.tail(8)",
        ),
    ]


def model_cells() -> list[tuple[str, str]]:
    names = ", ".join(f"'{name}'" for name, *_ in COLUMNS if name != "duration")
    return [
        (
            "markdown",
            "## Models\n\nA linear model first, because its coefficients can be read; then boosted "
            "trees, to see how much the straight lines leave on the table. Both see the same rows."
            "\n",
        ),
        (
            "code",
            f"FEATURES = [{names}]\n\n"
            "train, test = train_test_split(hires, test_size=0.2, random_state=7)\n\n\n"
            "def score(model, name: str) -> dict[str, float]:\n"
            '    """Fit on the one part, judge on the other."""\n'
            "    model.fit(train[FEATURES], train['duration'])\n"
            "    guess = model.predict(test[FEATURES])\n"
            "    return {\n        'model': name,\n"
            "        'mae': mean_absolute_error(test['duration'], guess),\n"
            "        'r2': r2_score(test['duration'], guess),\n    }",
        ),
        (
            "code",
            "models = {\n    'ridge': Ridge(alpha=1.0),\n"
            "    'trees': HistGradientBoostingRegressor(max_iter=300, learning_rate=0.05),\n}\n"
            "scores = pd.DataFrame([score(model, name) for name, model in models.items()])\n"
            "scores.round(3)",
        ),
        (
            "code",
            "worst = test.assign(guess=models['trees'].predict(test[FEATURES]))\n"
            "worst['miss'] = (worst['guess'] - worst['duration']).abs()\n"
            "worst = worst.nlargest(200, 'miss')\n"
            "plt.scatter(worst['duration'], worst['guess'], s=8)\n"
            "plt.axline((0, 0), slope=1, color='grey')\nplt.xlabel('minutes')\n"
            "plt.ylabel('guessed minutes')\nplt.show()",
        ),
    ]
