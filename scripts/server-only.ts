// Stands in for Next's marker module where code runs outside Next (scripts, tests).
export {}
