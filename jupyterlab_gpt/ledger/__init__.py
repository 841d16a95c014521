"""What calls cost: prices, tokens, the ledger, the budget.

::

    money.py      nano-dollars, decimals, and what a user types for an amount
    prices.py     the rates of a model, and what a usage costs at them
      table.py    the model in the bundled price data, by the endpoint's URL
    tokens.py     counting before anybody bills
    estimate.py   what a prompt will cost, and how much to reserve
    ledger.py     book, settle, add up; what a dead server left
    budget.py     the month: reserve, release
    report.py     usage by day, model, conversation and notebook, and as a table in text
    days.py       days and months of a time zone

The rows themselves are in `store` (`usage`, `budget`, `prices`, `report`).
"""
