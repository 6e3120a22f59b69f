"""Programs beside trifactor: figures and reports, and checks that share no code with it. What reads its results is the
package in `src`, `trifactor`, which can be installed alone.

python -m analysis.figures OUT       every figure and report.html of a result folder
python -m analysis.shards OUT        every shard of a result folder, checked with numpy alone
python -m analysis.hostile           hundreds of hostile command lines, and what became of them
python -m analysis.recompute DIR     an exported lifetime, computed again from the equations
python -m analysis.all_tasks OUT     the table of sweeps/all-tasks.yaml
python -m analysis.peers             the gradient in JAX and PyTorch: same values, then times
"""
