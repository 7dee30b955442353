"""How fast convlib is beside others: `make bench`, `make bench-quick`.

Begin with `races.py` (who runs against whom) and `rows.py` (what is asked of the times), then
`timing.py`. `judge.py` turns times into ratios; `render.py`, `details.py` and `plot.py` show them.
"""
