/**
 * How often one run goes round, two steps each: the job engine allows 1,000 steps. A record in trouble for longer
 * loses its run and gets a new one from the sweep.
 */
export const MOST_TURNS = 400
