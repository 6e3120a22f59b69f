"""The gradient of a lifetime as a strong user would write it in JAX and PyTorch, checked against trifactor and timed.

    python -m analysis.peers        or `make peers`, which makes the environment for it

`lifetimes` holds the inputs of one lifetime, as trifactor exported it; `jax_peer` and `torch_peer` are the peers;
`ours` calls the program; `table` is the arithmetic and needs numpy only.
"""
