"""Compute an exported lifetime again, from the equations alone.

    python -m analysis.recompute FOLDER        FOLDER as `trifactor lifetime SWEEP --export FOLDER` writes it

Everything below follows the method's equations one step of time after the other, in float64, and shares nothing with
the program but the files. Each trial starts from the W that the program says it started from, so an error cannot hide
behind the chaos of the trials before it (under a linear rule with the slow mean left out, rounding alone reaches 0.1 of
reward within 80 trials, so lifetimes at two precisions or SIMD levels agree in their means, not trial by trial); U,
which is written at the end only, is carried along those W. Errors are relative to the largest entry of the trial; for W
to the largest entry of its step. What the export does not have (`left_out` in constants.json) is not compared: a rival
has no gradient, and `engine: adjoint` no U and no Rdot. Exit code 1 where an error exceeds its tolerance.

`export` is what may stand in a folder, `trial` one trial and its tangents, `synapses` what becomes of it in W, `critic`
what its reward is measured against, `directions` what all is differentiated by, `rivals` the learners that have no
theta, `lifetime` the trials together, `gradient` their tangents and `alignment` the draws of `--alignment`.

Needs numpy only.
"""

from trifactor.recompute.alignment import numbers as alignment_numbers
from trifactor.recompute.alignment import recompute_alignment
from trifactor.recompute.comparison import compare, main
from trifactor.recompute.export import ESTIMATES, load
from trifactor.recompute.lifetime import recompute

__all__ = ["ESTIMATES", "alignment_numbers", "compare", "load", "main", "recompute", "recompute_alignment"]
