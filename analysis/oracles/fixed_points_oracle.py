"""Writes the fixed points that Sources/Dynamics is tested against, as scipy's `hybr` finds them.

    python -m venv oracle && oracle/bin/pip install numpy==2.4.6 scipy==1.17.1
    oracle/bin/python analysis/oracles/fixed_points_oracle.py > Tests/DynamicsTests/Fixtures/fixed_points.json

Networks without input, x = W tanh x: MINPACK's hybrid method from 4000 random starts, from 0 and from the mirror image
of all that was found. Weights are rounded, so that the file says exactly what was solved.
"""

import json
import sys

import numpy as np
import scipy
from scipy import optimize


def fixed_points(weights, generator, starts=4000):
    units = len(weights)

    def flow(x):
        return -x + weights @ np.tanh(x)

    def slope(x):
        return -np.eye(units) + weights * (1 - np.tanh(x) ** 2)

    found = []

    def search(start):
        end = optimize.root(flow, start, jac=slope, method="hybr", tol=1e-13)
        if np.linalg.norm(flow(end.x)) < 1e-10 and all(np.linalg.norm(end.x - x) > 1e-3 for x in found):
            found.append(end.x)

    search(np.zeros(units))
    for _ in range(starts):
        search(weights @ generator.uniform(-1, 1, units))
    for x in tuple(found):
        search(-x)
    return found


def main():
    cases = []
    shapes = [(2, 2.0), (4, 2.0), (6, 1.5), (8, 1.5), (8, 2.5), (12, 1.5), (12, 2.0), (16, 1.5)]
    for number, (units, gain) in enumerate(shapes * 2):
        generator = np.random.default_rng(100 + number)
        weights = np.round(gain * generator.normal(size=(units, units)) / np.sqrt(units), 4)
        points = fixed_points(weights, generator)
        points.sort(key=lambda x: (np.linalg.norm(x), tuple(x)))
        cases.append(
            {"units": units, "gain": gain, "weights": weights.ravel().tolist(), "points": np.array(points).tolist()}
        )
    json.dump({"scipy": scipy.__version__, "cases": cases}, sys.stdout)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
