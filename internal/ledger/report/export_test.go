package report

// ChangesRegisters tells whether entries of a kind may change who holds what.
var ChangesRegisters = changesRegisters
