/** What many forms hold. */
export const at = { zone: 'UTC' }
export const why = { reason: 'The month is being closed' }
export const v1 = { version: '1' }
export const more = { seconds: '21600', ...why }
export const soon = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16)
