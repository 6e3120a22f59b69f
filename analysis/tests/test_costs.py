"""The curves of cost against what a bench has measured."""

from analysis.figures import costs
from trifactor import command


def test_flops_are_those_of_the_formulas():
    # 8 P N^2 T and (6d + 6) N^2 T, beside (2d + 4) N^2 T of primal and eligibility trace.
    assert costs.flops("forward", N=10, T=7, d=3, H=5) == (8 * 16 + 10) * 700
    assert costs.flops("adjoint", N=10, T=7, d=3, H=5) == (24 + 10) * 700


def test_every_setting_is_varied_alone():
    for name, size in costs.sizes():
        assert all(size[other] == costs.MIDDLE[other] for other in costs.MIDDLE if other != name)
    assert sum(size == costs.MIDDLE for _, size in costs.sizes()) == len(costs.VARIED)


def test_the_figure_and_the_table(tmp_path):
    points = [
        (name, size, {engine: costs.flops(engine, **size) / 1e8 for engine in costs.ENGINES})
        for name, size in costs.sizes()
    ]
    path = costs.draw(points, "trifactor 0, a test").save(tmp_path)
    assert path.stat().st_size > 10_000
    assert "trifactor 0, a test" in (tmp_path / "costs.svg").read_text()
    text = costs.lines(points, 300)
    assert len(text) == len(points) + 2
    # 1e8 flops a ms are 100 GFLOP/s, at every size.
    assert all(line.split()[5] == "100" and line.split()[7] == "100" for line in text[1:-1])


def test_a_program_that_fails_is_named(tmp_path, capsys):
    program = tmp_path / "trifactor"
    program.write_text("#!/bin/sh\necho 'no such size' >&2\nexit 65\n")
    program.chmod(0o755)
    assert command.run(costs.main, ["--trifactor", str(program), "--to", str(tmp_path / "to")]) == 65
    assert "no such size" in capsys.readouterr().err
