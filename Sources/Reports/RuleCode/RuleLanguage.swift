/// What a rule can be written in for those who do not have this program.
public enum RuleLanguage: String, Sendable, CaseIterable {
  case numpy, torch, jax, latex

  /// What differs between array libraries; nil where there are no arrays.
  var arrays: ArrayDialect? {
    switch self {
    case .numpy:
      ArrayDialect(
        module: "np", imports: "import numpy as np", literal: "np.array", concatenate: "concatenate",
        needs: "Needs numpy only.", source: "rng", sourceWords: "rng: a numpy.random.Generator",
        share: "rng.random(shape)", uniform: "rng.uniform(-AMPLITUDE, AMPLITUDE, shape)",
        normal: "rng.standard_normal(shape)")
    case .torch:
      ArrayDialect(
        module: "torch", imports: "import torch", literal: "torch.tensor", concatenate: "cat",
        needs:
          "Needs PyTorch. Tensors are of its default type: for double precision call\n"
          + "torch.set_default_dtype(torch.float64) before this is imported. Gradients go through all of it.",
        source: "generator", sourceWords: "generator: a torch.Generator, or None",
        share: "torch.rand(shape, generator=generator)",
        uniform: "AMPLITUDE * (2 * torch.rand(shape, generator=generator) - 1)",
        normal: "torch.randn(shape, generator=generator)")
    case .jax:
      ArrayDialect(
        module: "jnp", imports: "import jax\nimport jax.numpy as jnp", literal: "jnp.array",
        concatenate: "concatenate",
        needs:
          "Needs JAX. Arrays are of single precision unless JAX_ENABLE_X64=1 is set. Gradients go through all "
          + "of it.",
        source: "key", sourceWords: "key: of jax.random",
        share: "jax.random.uniform(jax.random.fold_in(key, 0), shape)",
        uniform: "jax.random.uniform(jax.random.fold_in(key, 1), shape, minval=-AMPLITUDE, maxval=AMPLITUDE)",
        normal: "jax.random.normal(key, shape)")
    case .latex: nil
    }
  }
}

/// Words that `RuleTemplate` has in place of numpy's.
struct ArrayDialect {
  var module: String
  var imports: String
  /// What makes an array of nested lists.
  var literal: String
  var concatenate: String
  /// What a reader must have and know.
  var needs: String
  /// The source of random numbers, and what it is.
  var source: String
  var sourceWords: String
  /// Draws of `shape`: uniform from 0 to 1, uniform between the amplitudes, standard normal.
  var share: String
  var uniform: String
  var normal: String
}
