"""Results of trifactor in Python: `trifactor.shards` reads its folders, `trifactor.recompute` its lifetimes."""
