"""NumPy with SciPy, or PyTorch (the argument), one thread. The protocol is in ../child.mjs."""

import json
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np

BATCH_NANOSECONDS = 100_000


def scientific():
    from scipy.special import log_softmax, logsumexp, softmax

    rng = np.random.default_rng(1)

    def gumbel_max(x):
        return (x + rng.gumbel(size=x.shape)).argmax(axis=1)

    return {
        "softmax": lambda x: softmax(x, axis=1),
        "logSoftmax": lambda x: log_softmax(x, axis=1),
        "logSumExp": lambda x: logsumexp(x, axis=1),
        "argmax": lambda x: x.argmax(axis=1),
        "random.uniform": lambda x: rng.random(x.size, dtype=np.float32),
        "random.exponential": lambda x: rng.standard_exponential(x.size, dtype=np.float32),
        "random.gumbel": lambda x: rng.gumbel(size=x.size),
        "random.logistic": lambda x: rng.logistic(size=x.size),
        "random.normal": lambda x: rng.standard_normal(x.size, dtype=np.float32),
        "gumbelMax": gumbel_max,
        "gumbelSoftmax": lambda x: softmax((x + rng.gumbel(size=x.shape)) / 0.5, axis=1),
    }, lambda x: x


def torch_ops():
    import torch
    from torch.distributions import Gumbel
    from torch.distributions.relaxed_categorical import ExpRelaxedCategorical

    torch.set_num_threads(1)
    torch.manual_seed(1)
    functional = torch.nn.functional
    standard = Gumbel(torch.tensor(0.0), torch.tensor(1.0))

    def density(x):
        concrete = ExpRelaxedCategorical(torch.tensor(1.0), logits=x, validate_args=False)
        return concrete.log_prob(functional.log_softmax(x, dim=1))

    return {
        "softmax": lambda x: functional.softmax(x, dim=1),
        "logSoftmax": lambda x: functional.log_softmax(x, dim=1),
        "logSumExp": lambda x: torch.logsumexp(x, dim=1),
        "argmax": lambda x: x.argmax(dim=1),
        "expConcreteLogProb": density,
        "random.uniform": lambda x: torch.rand(x.numel()),
        "random.exponential": lambda x: torch.empty(x.numel()).exponential_(),
        "random.gumbel": lambda x: standard.sample((x.numel(),)),
        "random.normal": lambda x: torch.randn(x.numel()),
        "gumbelMax": lambda x: (x + standard.sample(x.shape)).argmax(dim=1),
        "categorical": lambda x: torch.multinomial(functional.softmax(x, dim=1), 1),
        "gumbelSoftmax": lambda x: functional.gumbel_softmax(x, tau=0.5),
    }, torch.from_numpy


class Child:
    def __init__(self, ops, convert):
        self.ops, self.convert, self.batch = ops, convert, 1

    def case(self, name, rows, n, path):
        rows, n = int(rows), int(n)
        self.op = self.ops.get(name)
        logits = np.fromfile(path, dtype=np.float32, count=rows * n).reshape(rows, n)
        self.x, self.batch = self.convert(logits), 1
        return {"ok": self.op is not None}

    def run(self, milliseconds):
        calls, spent, op, x = 0, 0, self.op, self.x
        while spent < float(milliseconds) * 1e6:
            start = time.perf_counter_ns()
            for _ in range(self.batch):
                op(x)
            took = time.perf_counter_ns() - start
            calls += self.batch
            spent += took
            if took < BATCH_NANOSECONDS:
                self.batch *= 2
        return {"ns": spent / calls}

    def values(self):
        return np.asarray(self.op(self.x)).ravel()

    def result(self, path):
        values = self.values()
        kind = "f32" if values.dtype.kind == "f" else "i32"
        values.astype(np.float32 if kind == "f32" else np.int32).tofile(path)
        return {"kind": kind}

    def survey(self, count):
        seen, bad, least, greatest = 0, 0, np.inf, -np.inf
        while seen < float(count):
            values = self.values()
            finite = values[np.isfinite(values)].astype(np.float64)
            seen += values.size
            bad += int(values.size - finite.size)
            least, greatest = min(least, finite.min(initial=np.inf)), max(greatest, finite.max(initial=-np.inf))
        return {"nonFinite": bad, "least": float(least), "greatest": float(greatest)}


child = Child(*{"numpy": scientific, "torch": torch_ops}[sys.argv[1]]())
for line in sys.stdin:
    question, *rest = line.split()
    try:
        answer = getattr(child, question)(*rest)
    except (RuntimeError, ValueError) as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
