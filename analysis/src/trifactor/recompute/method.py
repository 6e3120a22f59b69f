"""The constants of one export, in the letters of the method, and the reward."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trifactor.recompute.directions import Directions
from trifactor.recompute.export import Array, directions


class Method:
    """A lifetime's inputs and constants."""

    N: int
    M: int
    K: int
    T: int
    H: int
    d: int
    dt: float
    tau: float
    tau_bar: float
    eta: float
    a_R: float
    sigma: float
    bound: float
    reward: str
    horizon: int | None

    def __init__(self, arrays: dict[str, Array], constants: dict[str, Any]) -> None:
        self.a = arrays
        for name in (
            "N", "M", "K", "T", "H", "d", "dt", "tau", "tau_bar", "eta", "a_R", "sigma", "bound", "reward", "horizon"
        ):  # fmt: skip
            setattr(self, name, constants[name])
        self.tau_e = np.inf if constants["tau_e"] is None else constants["tau_e"]
        self.clip = np.inf if constants["clip"] is None else constants["clip"]
        self.learner = constants.get("learner", "three-factor")
        self.gate = constants.get("gate", 0.0)
        self.growth = constants.get("growth", [0.0, 0.0])
        self.trace_mean = constants.get("trace_mean", 0.0)
        self.trace_mean_by = constants.get("trace_mean_by", "condition")
        self.critic = constants.get("critic", "condition")
        self.weight_degree = constants.get("weight_degree", 0)
        self.nonlinearity = constants.get("nonlinearity", "tanh")
        # Which synapses there are, and the sign that the weights of each unit keep, if any.
        self.mask = arrays.get("mask", np.ones((self.N, self.N))) == 1
        self.signs = arrays.get("signs")
        # s_klm, and theta[k, l, m] s_klm, both by m, k and l.
        self.scale = arrays["scale"].reshape(self.weight_degree + 1, self.d + 1, self.d + 1)
        self.coefficients = arrays["theta"].reshape(self.scale.shape) * self.scale
        self.directions = Directions(directions(constants), self.scale)

    def rate(self, x: Array) -> Array:
        """r = f(x)."""
        if self.nonlinearity == "sigmoid":
            return 1 / (1 + np.exp(-x))
        return np.maximum(np.tanh(x), 0) if self.nonlinearity == "rectified-tanh" else np.tanh(x)

    def slope(self, r: Array) -> Array:
        """f'(x) by r."""
        if self.nonlinearity == "sigmoid":
            return r * (1 - r)
        return np.where(r > 0, 1 - r**2, 0) if self.nonlinearity == "rectified-tanh" else 1 - r**2

    def keeps_sign(self, W: Array) -> NDArray[np.bool_]:
        """Where W is not cut at 0, N x N; columns are presynaptic units."""
        return np.full(W.shape, True) if self.signs is None else np.asarray(self.signs * W > 0)

    def reward_of(self, z: Array, h: int) -> float:
        """R of a read-out z (T x K)."""
        inside = self.a["window"][h] == 1
        z, y = z[inside], self.a["y"][h][inside]
        if self.reward == "absolute":
            return -np.abs(z - y).mean()
        if self.reward == "squared":
            return -((z - y) ** 2).mean()
        return float((np.sign(z.mean(axis=0)) == np.sign(y.mean(axis=0))).mean())

    def reward_tangent(self, z: Array, zdot: Array, h: int) -> Array:
        """Rdot of zdot (T x Q x K)."""
        inside = self.a["window"][h] == 1
        error, zdot = (z - self.a["y"][h])[inside], zdot[inside]
        if self.reward == "binary":
            return np.zeros(zdot.shape[1])
        slope = -np.sign(error) if self.reward == "absolute" else -2 * error
        return np.einsum("tk,tqk->q", slope, zdot) / error.size

    def silent(self, h: int) -> float:
        """R of a silent read-out."""
        return self.reward_of(np.zeros((self.T, self.K)), h)

    def shown(self, h: int) -> int:
        """Steps that a learned critic sees: those before the response window, all where it begins at 0."""
        return int(np.flatnonzero(self.a["window"][h] == 1)[0]) or self.T

    def decay(self, m: float) -> tuple[float, float]:
        """The share of W that an update takes away, and its derivative by m."""
        share = 0.002 * (self.growth[0] + self.growth[1] * (m / 0.3) ** 2)
        return share, 0.002 * self.growth[1] * 2 * m / 0.3**2

    def decay_slopes(self, m: float) -> Array:
        """The derivatives of that share by its own constants, Q."""
        always = self.directions.along("growth-0", 0.002)
        return always + self.directions.along("growth-2", 0.002 * (m / 0.3) ** 2)

    def kick_slopes(self, expected: float | None) -> Array:
        """d log(kick) by the constants that move kicks, where the critic expects so much reward; Q."""
        gate = 0.0 if expected is None else expected + 1
        return self.directions.along("amplitude", 1) + self.directions.along("gate", gate)
