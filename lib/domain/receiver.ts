/** How a receiver of the audit log wants its entries: as our exports have them, or as OCSF events. */
export const receiverFormats = ['jsonl', 'ocsf'] as const
export type ReceiverFormat = (typeof receiverFormats)[number]
