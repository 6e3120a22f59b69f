"""What a trial makes of W."""

from trifactor.recompute import rivals, trial
from trifactor.recompute.export import Array
from trifactor.recompute.method import Method
from trifactor.recompute.running_mean import RunningMean


class Synapses:
    """What e and m make of W, over one lifetime: a rule of theta with its mechanisms, or a rival."""

    def __init__(self, life: Method) -> None:
        self.life = life
        self.is_rival = life.learner in rivals.RIVALS
        # The slow mean of e, where there is one; its tangents follow as it does.
        by_condition = life.trace_mean_by == "condition"
        self.ebar = RunningMean(life.trace_mean, by_condition)
        self.ebardot = RunningMean(life.trace_mean, by_condition)

    def trace(self, h: int, W: Array, ran: trial.Trial) -> Array:
        """e as the update uses it."""
        if self.is_rival:
            return rivals.trace(self.life, h, W, ran)
        e = trial.trace(self.life, W, ran)
        return self.ebar.rest(e, self._condition(h)) if self.life.trace_mean > 0 else e

    def change(self, W: Array, e: Array, m: float) -> Array:
        """mu before the clip."""
        if self.is_rival:
            return rivals.gain(self.life, m) * e
        return self.life.eta * e * m - self.life.decay(m)[0] * W

    def change_tangents(self, h: int, W: Array, U: Array, e: Array, m: float, edot: Array, mdot: Array) -> Array:
        """mudot before the clip, Q x N x N."""
        life = self.life
        if life.trace_mean > 0:
            by_rate = life.directions.along("trace-mean", life.trace_mean)[:, None, None] * e
            edot = self.ebardot.rest(edot, self._condition(h), by_rate)
        share, slope = life.decay(m)
        shares = slope * mdot + life.decay_slopes(m)
        by_eta = life.directions.along("eta", life.eta * m)[:, None, None] * e
        by_trial = life.eta * (edot * m + e * mdot[:, None, None])
        return by_trial + by_eta - share * U - shares[:, None, None] * W

    def _condition(self, h: int) -> int:
        return int(self.life.a["condition"][h])
