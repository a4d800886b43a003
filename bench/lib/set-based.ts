import { sql } from 'drizzle-orm'
import type { Tx } from '@/db/client'

/** Writes into large tables without their indexes, which are made again afterwards, each in one go. Keys stay. */
export async function withoutIndexes(
  tx: Tx,
  tables: readonly string[],
  write: () => Promise<void>,
): Promise<void> {
  const indexes = await tx.execute<{ name: string; definition: string }>(sql`
    select quote_ident(c.relname) as name, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
    where t.relname in ${[...tables]} and t.relnamespace = 'public'::regnamespace
      and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)`)
  for (const { name } of indexes) await tx.execute(sql.raw(`drop index ${name}`))
  await write()
  for (const { definition } of indexes) await tx.execute(sql.raw(definition))
}
