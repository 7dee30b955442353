"""A long run: a process of its own makes the calls, so that a crash is one more finding.

Some calls are made again later, between others: nothing may depend on what was called before.
"""

import multiprocessing
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import numpy as np
from tqdm.auto import tqdm

from tests.fuzz import calls, explorers, facts, together
from tests.fuzz.judge import Verdict, judge, small_machine

AGAIN = 0.1  # of the calls
OFTEN = 400  # calls, between which threads and processes are tried
LONGEST = 300  # seconds for one of them


def one(what, seed):
    """Do one thing, in a process of its own."""
    with small_machine():
        if what == "explorers":
            return explorers.judge(seed)
        if what == "functions":
            return judge(seed, (*calls.DRAWN, *facts.DRAWN))
        wrong = (
            together.threads_agree(seed)
            if what == "threads"
            else together.processes_agree(seed, what)
        )
    return Verdict(seed, what, "valid", "", wrong and f"{what}: {wrong}")


class Run:
    """A run: what was found so far, and the process that makes the calls."""

    def __init__(self):
        self.tally, self.failures, self.pool = Counter(), [], None

    def do(self, what, seed):
        """Do one thing, and count it; a process that dies or stands still is a failure."""
        if self.pool is None:
            spawn = multiprocessing.get_context("spawn")
            self.pool = ProcessPoolExecutor(1, mp_context=spawn)
        try:
            verdict = self.pool.submit(one, what, seed).result(LONGEST)
        except (BrokenProcessPool, TimeoutError) as error:
            verdict = Verdict(seed, what, "valid", "", f"{what}: {type(error).__name__}")
            self.close()
        except Exception as error:
            verdict = Verdict(seed, what, "valid", "", f"not judged: {error!r}")
        self.tally[verdict.name, verdict.outcome] += 1
        if verdict.wrong:
            self.fail(what, seed, verdict.wrong)
        return verdict

    def fail(self, what, seed, wrong):
        self.failures.append(seed)
        tqdm.write(f"{what} {seed}: {wrong}\n  again: python -m tests.fuzz --of {what} {seed}\n")

    def close(self):
        """End the process, whatever it does."""
        if self.pool is not None:
            for process in list((self.pool._processes or {}).values()):
                process.kill()
            self.pool.shutdown(wait=False, cancel_futures=True)
            self.pool = None

    def go_on(self, what, minutes, first):
        """Try one seed after the other until the time is over, some of them again."""
        rng, seen, start = np.random.default_rng(first), {}, time.monotonic()
        bar = tqdm(total=round(minutes * 60), desc=what, unit="s")
        for seed in range(first, first + 10**9):
            seen[seed] = self.do(what, seed)
            if what == "functions":
                self._again(seen, rng)
                if (seed - first) % OFTEN == OFTEN - 1:
                    for how in ("threads", "fork", "spawn"):
                        self.do(how, seed)
            spent = time.monotonic() - start
            bar.update(min(round(spent), bar.total) - bar.n)
            bar.set_postfix(calls=self.tally.total(), failures=len(self.failures))
            if spent > minutes * 60:
                break
        bar.close()

    def _again(self, seen, rng):
        """Repeat an earlier call, and compare bit for bit."""
        if rng.random() < AGAIN:
            earlier = int(rng.choice(list(seen)[-5000:]))
            now = self.do("functions", earlier)
            if (now.outcome, now.print) != (seen[earlier].outcome, seen[earlier].print):
                self.fail("functions", earlier, f"{now.name}: another answer than before")

    def told(self):
        """The counts, by function."""
        rows = [f"{'':24}{'valid':>9}{'refused':>9}"]
        for name in sorted({name for name, _ in self.tally}):
            valid, refused = (self.tally[name, outcome] for outcome in ("valid", "refused"))
            rows.append(f"{name:24}{valid:9,}{refused:9,}")
        return "\n".join([*rows, f"{self.tally.total():,} calls, {len(self.failures)} failures"])
