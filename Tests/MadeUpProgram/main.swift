// `trifactor` with one mechanism more.

import Commands
import MadeUpMechanism
import Model

Mechanisms.add(Fatigue.self)
Trifactor.main()
