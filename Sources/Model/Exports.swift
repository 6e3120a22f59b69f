// Whoever speaks of the model can also say what must hold.
@_exported import Invariants
