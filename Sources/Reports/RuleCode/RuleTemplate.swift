/// The text of a rule as code: one for numpy, PyTorch and JAX, whose arrays have the same methods.
///
/// The lines from `#if A B` to `#end` are kept where one of these flags is set, those from `#if not A` where it is not, and
/// where blocks nest, where all of them say so. `$NAME$` is replaced. What a rule does not have is not in its file.
enum RuleTemplate {
  static let text = #"""
    """A plasticity rule for recurrent networks, written by trifactor $VERSION$.

    $TITLE$

    $FORMULA$

    #if layers
    e_ij is the trace of a synapse onto i from j, of which pre_j is what it is sent and post_i what it sees of its target:
    $SIGNALS$
    Times are in ms. RATES multiply the e of a layer of synapses.
    #end
    #if not layers
    r_j is the rate of the presynaptic unit j, delta_i = xbar_i - x_i of the postsynaptic unit i with xbar the running
    mean of x, and e_ij the trace of the synapse from j onto i. Times are in ms.
    #end

    `trial` runs a network, `trace` is its e at the end of the trial, and `lifetime` does both and learns after each.
    $NEEDS$
    """

    $IMPORT$

    DT, TAU = $DT$, $TAU$  # step of time, time constant of x
    TAU_BAR, TAU_E = $TAU_BAR$, $TAU_E$  # of xbar and of e
    ETA, CLIP = $ETA$, $CLIP$  # gain of an update and its limit
    BASELINE_RATE = $BASELINE_RATE$  # of the critic, which says what reward to expect
    WEIGHT_NOISE = $WEIGHT_NOISE$  # added to every weight after every trial
    #if sparse
    PROBABILITY, AMPLITUDE = $PROBABILITY$, $AMPLITUDE$  # of a kick to a unit in a step, and its largest size
    #end
    #if gaussian
    AMPLITUDE = $AMPLITUDE$  # of the kicks that every unit gets in every step
    #end
    #if gate
    GATE = $GATE$  # kicks are exp(GATE (b + 1)) times as large where the reward b is expected
    #end
    #if growth
    GROWTH = $GROWTH$  # an update takes the share 0.002 (GROWTH[0] + GROWTH[1] (m / 0.3)^2) of W away
    #end
    #if slow
    TRACE_MEAN = $TRACE_MEAN$  # rate of the running mean of e, which updates leave out
    #end
    #if layers
    # COEFFICIENTS[layer][$INDICES$] $MONOMIAL$ is what a synapse adds to e / RATES[layer].
    $TABLES$
    # Of the layers of synapses that learn.
    RATES = {$RATES$}
    #end
    #if not layers
    # COEFFICIENTS[$INDICES$] $MONOMIAL$ is what a synapse adds to e.
    COEFFICIENTS = $ARRAY$(
        $COEFFICIENTS$
    )
    #end


    def rate(x):
        """r = f(x)."""
    #if tanh
        return np.tanh(x)
    #end
    #if rectified-tanh
        return np.where(x > 0, np.tanh(x), 0 * x)
    #end
    #if sigmoid
        return 1 / (1 + np.exp(-x))
    #end


    #if jax
    @jax.jit
    #end
    def trial(W, Win, Wout, x0, u, kicks):
        """Rates and fluctuations (steps x units) and the read-out (steps x outputs) of one trial.

        W: units x units, W[i, j] from j onto i; Win: units x inputs; Wout: outputs x units; x0: units; u: steps x inputs;
        kicks: steps x units, what exploration adds to x.
        """
    #if jax

        def step(state, given):
            (x, xbar), (u_t, kick) = state, given
            r = rate(x)
            after = x + DT / TAU * (-x + W @ r + Win @ u_t) + kick, xbar + DT / TAU_BAR * (x - xbar)
            return after, (r, xbar - x)

        _, (r, delta) = jax.lax.scan(step, (x0, x0), (u, kicks))
        return r, delta, r @ Wout.T
    #end
    #if not jax
        x, xbar, rates, fluctuations = x0, x0, [], []
        for u_t, kick in zip(u, kicks):
            r = rate(x)
            rates.append(r)
            fluctuations.append(xbar - x)
            x, xbar = x + DT / TAU * (-x + W @ r + Win @ u_t) + kick, xbar + DT / TAU_BAR * (x - xbar)
        r = np.stack(rates)
        return r, np.stack(fluctuations), r @ Wout.T
    #end


    #if readouts
    #if jax
    @jax.jit
    #end
    def fluctuation(z):
        """zbar - z of a read-out, steps x outputs, with zbar its running mean, which starts at the first step."""
    #if jax

        def step(zbar, z_t):
            return zbar + DT / TAU_BAR * (z_t - zbar), zbar - z_t

        return jax.lax.scan(step, z[0], z)[1]
    #end
    #if not jax
        zbar, found = z[0], []
        for z_t in z:
            found.append(zbar - z_t)
            zbar = zbar + DT / TAU_BAR * (z_t - zbar)
        return np.stack(found)
    #end


    #end
    #if jax
    @jax.jit
    #end
    #if layers
    def trace(sent, seen, W, coefficients):
        """e at the end of a trial, as large as the W of the layer. sent: steps x what the layer's synapses come from; seen:
        steps x what they lead to."""
    #end
    #if not layers
    def trace(r, delta, W):
        """e at the end of a trial, units x units."""
    #end
        # What a step adds has decayed by then.
        left = DT * (1 - DT / TAU_E) ** np.arange(len($SENT$) - 1, -1, -1)
        pre = np.stack([$SENT$**k for k in range($SIDE$)])
        post = np.stack([$SEEN$**l for l in range($SIDE$)])
    #if not weights
        return np.einsum("t,lti,ltj->ij", left, post, np.einsum("kl,ktj->ltj", $TABLE$, pre))
    #end
    #if weights
        e = np.einsum("t,lti,mltj->mij", left, post, np.einsum("mkl,ktj->mltj", $TABLE$, pre))
        return sum(W**m * e[m] for m in range(len(e)))
    #end


    def reward(z, y, window):
        """R of a read-out z for the target y (steps x outputs); window: steps, 1 in the response window, else 0."""
        inside = window[:, None]
    #if absolute
        return -(inside * abs(z - y)).sum() / (inside.sum() * y.shape[1])
    #end
    #if squared
        return -(inside * (z - y) ** 2).sum() / (inside.sum() * y.shape[1])
    #end
    #if binary
        right = np.sign((inside * z).sum(0)) == np.sign((inside * y).sum(0))
        return (1.0 * right).mean()
    #end


    class Critic:
    #if condition
        """b, the reward to expect: a running mean for every condition."""

        def __init__(self):
            self.means = {}

        def beforehand(self, condition):
            """b before the trial begins; None at the first visit of its condition."""
            return self.means.get(condition)

        def expected(self, R, r, window, condition):
            """b of a trial, which the critic then learns from; R itself at a first visit."""
            b = self.means.get(condition, R)
            self.means[condition] = b + BASELINE_RATE * (R - b)
            return b
    #end
    #if shared
        """b, the reward to expect: one running mean for all conditions."""

        def __init__(self):
            self.mean = None

        def beforehand(self, condition):
            """b before the trial begins; None before the first."""
            return self.mean

        def expected(self, R, r, window, condition):
            """b of a trial, which the critic then learns from; R itself in the first."""
            b = R if self.mean is None else self.mean
            self.mean = b + BASELINE_RATE * (R - b)
            return b
    #end
    #if learned
        """b, the reward to expect: linear in the mean rates before the response window."""

        def __init__(self):
            self.v = None

        def beforehand(self, condition):
            """b before the trial begins; None before the first."""
            return None if self.v is None else self.v[0]

        def expected(self, R, r, window, condition):
            """b of a trial, which the critic then learns from; R itself in the first."""
            begins = next(t for t in range(len(window)) if window[t] == 1)
            shown = begins if begins > 0 else len(window)
            phi = np.$CONCATENATE$([0 * r[0, :1] + 1, r[:shown].mean(0)])
            if self.v is None:
                self.v = np.$CONCATENATE$([0 * r[0, :1] + R, 0 * r[0]])
                return R
            b = self.v @ phi
            self.v = self.v + BASELINE_RATE * (R - b) * phi / (phi @ phi)
            return b
    #end


    #if sparse gaussian
    def explore($SOURCE$, shape):
        """Kicks$UNGATED$; $SOURCE_WORDS$."""
        $DRAW$


    #end
    def lifetime(W, Win, Wout, x0, u, y, window, condition, kicks, xi$MORE$):
    #if layers
        """R of every trial, and by layer that learns its weights after every trial.

        As in `trial` and `reward`, with one entry a trial in x0, u, y, window and kicks. condition: trials, whole numbers;
        xi: by layer, trials x the shape of its weights, standard normal$XI_WORDS$.
        """
        critic, rewards, after = Critic(), [], {layer: [] for layer in RATES}
        weights = {"recurrent": W, "input": Win, "readout": Wout}
    #end
    #if not layers
        """R of every trial, and W after every trial (trials x units x units).

        As in `trial` and `reward`, with one entry a trial in x0, u, y, window and kicks. condition: trials, whole numbers;
        xi: trials x units x units, standard normal$XI_WORDS$.
        """
        critic, rewards, weights = Critic(), [], []
    #end
    #if slow
        means = {}
    #end
        for h in range(len(u)):
            kick, c = kicks[h], int(condition[h])
    #if gate
            b = critic.beforehand(c)
            if b is not None:
                kick = kick * np.exp(GATE * (b + 1))
    #end
    #if layers
            r, delta, z = trial(weights["recurrent"], weights["input"], weights["readout"], x0[h], u[h], kick)
            R = reward(z, y[h], window[h])
            m = R - critic.expected(R, r, window[h], c)
            rewards.append(R)
            signals = {$PAIRS$}
            for layer, (sent, seen) in signals.items():
                W = weights[layer]
                e = RATES[layer] * trace(sent, seen, W, COEFFICIENTS[layer])
    #if slow
                mean = means.get((layer, $PLACE$), e)
                means[layer, $PLACE$] = mean + TRACE_MEAN * (e - mean)
                e = e - mean
    #end
                change = ETA * m * e
    #if growth
                change = change - 0.002 * (GROWTH[0] + GROWTH[1] * (m / 0.3) ** 2) * W
    #end
    #if mask
                if layer == "recurrent":
                    change = mask * change
    #end
                W = W + np.clip(change, -CLIP, CLIP) + WEIGHT_NOISE * xi[layer][h]
    #if signs
                if layer == "recurrent":
                    W = np.where(signs * W > 0, W, 0 * W)
    #end
                weights[layer] = W
                after[layer].append(W)
        return np.stack(rewards), {layer: np.stack(found) for layer, found in after.items()}
    #end
    #if not layers
            r, delta, z = trial(W, Win, Wout, x0[h], u[h], kick)
            R = reward(z, y[h], window[h])
            m = R - critic.expected(R, r, window[h], c)
            e = trace(r, delta, W)
    #if slow
            mean = means.get($PLACE$, e)
            means[$PLACE$] = mean + TRACE_MEAN * (e - mean)
            e = e - mean
    #end
            change = ETA * m * e
    #if growth
            change = change - 0.002 * (GROWTH[0] + GROWTH[1] * (m / 0.3) ** 2) * W
    #end
    #if mask
            change = mask * change
    #end
            W = W + np.clip(change, -CLIP, CLIP) + WEIGHT_NOISE * xi[h]
    #if signs
            W = np.where(signs * W > 0, W, 0 * W)
    #end
            rewards.append(R)
            weights.append(W)
        return np.stack(rewards), np.stack(weights)
    #end

    """#
}
