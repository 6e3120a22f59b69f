import Commands

Trifactor.main()
