const technical = /^[a-z0-9]+([._:/@-][a-z0-9]+)+$|^[a-z0-9]+:[^\s]+$/

/** Whether a name is written as its target writes it: `prod_read`, `payments-debug`, not "Support view". */
export function isTechnicalName(name: string): boolean {
  return technical.test(name)
}
