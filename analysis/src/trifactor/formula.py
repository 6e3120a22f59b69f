"""A rule as sympy writes it."""

from typing import TYPE_CHECKING, Any

import numpy as np

from trifactor.optional import need

if TYPE_CHECKING:
    from trifactor.rule import Rule


# What the synapses of a layer are sent and what they see of their target: names, and letters of LaTeX.
_SIGNALS = {"recurrent": ("r_j", "delta_i"), "input": ("u_j", "delta_i"), "readout": ("r_j", "zeta_i")}


def equation(rule: "Rule", layer: str) -> Any:
    """de_ij/dt = sum_klm theta s r_j^k delta_i^l W_ij^m - e_ij / tau_e; r_j presynaptic, delta_i = xbar_i - x_i."""
    sympy = need("sympy", "a formula")
    t, tau_e = sympy.Symbol("t"), sympy.Symbol("tau_e", positive=True)
    coefficients = rule.of_layer(layer)
    r, delta, W = map(sympy.Symbol, (*_SIGNALS[layer], "W_ij"))
    e = sympy.Function("e_ij")(t)
    growth = sympy.Add(
        *(
            sympy.Float(float(coefficients[m, k, l]), 17) * r ** int(k) * delta ** int(l) * W ** int(m)
            for m, k, l in np.argwhere(coefficients != 0)
        )
    )
    decay = e / tau_e if np.isfinite(rule.constants["tau-e"]) else sympy.Integer(0)
    return sympy.Eq(sympy.Derivative(e, t), growth - decay)


def latex(rule: "Rule", layer: str, digits: int = 3) -> str:
    """Lines of an `aligned` environment: what e grows by, largest |theta| first, and what becomes of it in W."""
    sympy = need("sympy", "LaTeX of a rule")
    rule.of_layer(layer)
    symbols = dict(zip("klm", map(sympy.Symbol, (*_SIGNALS[layer], "W_ij"))))
    own = {
        name.removeprefix(f"{layer}-"): value * rule.rate(layer)
        for name, value in rule.terms.items()
        if not rule.layers or name.startswith(f"{layer}-")
    }
    growth = ""
    for name, value in own.items():
        monomial = sympy.Mul(*(symbols[name[n]] ** int(name[n + 1]) for n in range(0, len(name), 2)))
        sign = ("-" if value < 0 else "") if not growth else (" - " if value < 0 else " + ")
        number = sympy.latex(sympy.Float(abs(value), digits))
        growth += f"{sign}{number}" + ("" if monomial == 1 else rf"\,{sympy.latex(monomial)}")
    decay = r" - e_{ij} / \tau_e" if np.isfinite(rule.constants["tau-e"]) else ""
    trace = r"(e_{ij} - \bar e_{ij})" if rule.constants["trace-mean"] > 0 else "e_{ij}"
    expected = {"condition": r"\bar R_c", "shared": r"\bar R", "learned": r"b"}[rule.critic]
    change = rf"\eta\,{trace}\,(R - {expected})"
    if rule.constants["growth-0"] or rule.constants["growth-2"]:
        change += rf" - 0.002\,(\lambda_0 + \lambda_2 ((R - {expected}) / 0.3)^2)\,W_{{ij}}"
    clipped = rf"\operatorname{{clip}}({change}, \pm c)" if np.isfinite(rule.constants["clip"]) else change
    return (
        "\\begin{aligned}\n"
        rf"\dot e_{{ij}} &= {growth or '0'}{decay} \\" + "\n"
        rf"\Delta W_{{ij}} &= {clipped}" + "\n\\end{aligned}"
    )
