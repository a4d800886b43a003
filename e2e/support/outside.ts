import postgres from 'postgres'
import { emailOf, loginOf } from '../../scripts/seed/people.mjs'
import type { World } from './world'

/** One mail as it arrived at the mail server. */
export interface Mail {
  readonly to: readonly string[]
  readonly subject: string
  readonly html: string
  readonly text: string
  readonly messageId: string
  readonly attachments: readonly { filename: string; mimeType: string }[]
}

/** The mails that arrived since this story began. */
export class Mails {
  private constructor(
    private readonly url: string,
    private readonly from: number,
  ) {}

  static async since(world: World): Promise<Mails> {
    return new Mails(world.mailsUrl, (await read(world.mailsUrl)).length)
  }

  async to(person: string, subject?: RegExp): Promise<Mail[]> {
    const address = emailOf(person)
    const mails = (await read(this.url)).slice(this.from)
    return mails.filter((mail) => mail.to.includes(address) && (!subject || subject.test(mail.subject)))
  }

  /** Of all stories so far. */
  everything(): Promise<Mail[]> {
    return read(this.url)
  }

  async all(): Promise<Mail[]> {
    return (await read(this.url)).slice(this.from)
  }
}

async function read(url: string): Promise<Mail[]> {
  const answer = await fetch(url)
  return (await answer.json()) as Mail[]
}

/** The address behind a link of a mail, by its words. */
export function linkIn(mail: Mail, words: string): string {
  for (const [, href, label] of mail.html.matchAll(/<a\b[^>]*href="([^"]+)"[^>]*>([\s\S]*?)<\/a>/g)) {
    const said = label?.replace(/<[^>]+>|&#8203;|&zwnj;|\s+/g, ' ').trim()
    if (href && said?.includes(words)) return href.replaceAll('&amp;', '&')
  }
  throw new Error(`“${mail.subject}” has no link “${words}”`)
}

/** Moves the clock of the world forward, walking through everything that is due on the way. */
export class Clock {
  constructor(private readonly world: World) {}

  /** @param by such as "5h", "1d 12h" */
  async advance(by: string): Promise<Date> {
    const answer = await fetch(`${this.world.appUrl}/api/demo/clock`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.world.cronSecret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ advance: by }),
    })
    if (!answer.ok) throw new Error(`the clock was not moved: ${answer.status} ${await answer.text()}`)
    const { now } = (await answer.json()) as { now: string }
    return new Date(now)
  }
}

/** A membership in the warehouse as its catalogue keeps it: given anew, it would be another row. */
export interface Membership {
  readonly oid: string
  readonly grantor: string
}

/** The leased database itself, looked at from outside of the product. */
export class Warehouse {
  readonly #admin: postgres.Sql
  readonly #open: postgres.Sql[] = []

  constructor(private readonly world: World) {
    this.#admin = connect(world.warehouseUrl)
  }

  /** Runs a statement as a person's own login; the error's words when the warehouse refuses. */
  async as(person: string, statement: string): Promise<readonly postgres.Row[] | string> {
    const sql = connect(this.#urlOf(person))
    try {
      return await sql.unsafe(statement)
    } catch (error) {
      return (error as Error).message
    } finally {
      await sql.end({ timeout: 5 })
    }
  }

  /** Opens a session that stays, switched to a role. @returns how to ask whether it still lives */
  async session(person: string, role: string): Promise<{ alive: () => Promise<boolean> }> {
    const sql = connect(this.#urlOf(person))
    this.#open.push(sql)
    await sql.unsafe(`set role ${role}`)
    const [me] = await sql<
      { pid: number; role: string }[]
    >`select pg_backend_pid() as pid, current_role as role`
    if (me?.role !== role) throw new Error(`the session did not switch to ${role}`)
    return {
      alive: async () => {
        const [seen] = await this.#admin`select 1 from pg_stat_activity where pid = ${me.pid}`
        return seen !== undefined
      },
    }
  }

  /** What its administrator does there. A role of this name left from before goes first. */
  async newRole(name: string, mayRead: string): Promise<void> {
    await this.dropRole(name)
    const [schema] = mayRead.split('.')
    await this.#admin.unsafe(`
      create role ${name} nologin;
      grant usage on schema ${schema} to ${name};
      grant select on ${mayRead} to ${name};
      grant ${name} to leasehold_operator with admin true, inherit false, set false;`)
  }

  /** Makes somebody a member for good, as the operator that leases the role may take it back. */
  async grantForGood(person: string, role: string): Promise<void> {
    await this.#admin.unsafe(`grant ${role} to ${loginOf(person)} granted by leasehold_operator`)
  }

  async dropRole(name: string): Promise<void> {
    const [known] = await this.#admin`select 1 from pg_roles where rolname = ${name}`
    if (known) await this.#admin.unsafe(`drop owned by ${name}; drop role ${name};`)
  }

  async membership(person: string, role: string): Promise<Membership | null> {
    const [row] = await this.#admin<Membership[]>`
      select m.oid::text, m.grantor::regrole::text as grantor from pg_auth_members m
      where m.roleid = ${role}::regrole and m.member = ${loginOf(person)}::regrole`
    return row ? { oid: row.oid, grantor: row.grantor } : null
  }

  async close(): Promise<void> {
    await Promise.all([this.#admin, ...this.#open].map((sql) => sql.end({ timeout: 1 })))
  }

  #urlOf(person: string): string {
    const url = new URL(this.world.warehouseUrl)
    url.username = loginOf(person)
    url.password = this.world.warehousePassword
    return url.href
  }
}

/** The record, for looking only: whatever would write is refused by the database. */
export function readOnly(url: string): postgres.Sql {
  return connect(url, { default_transaction_read_only: true })
}

export function connect(url: string, settings: Record<string, string | boolean> = {}): postgres.Sql {
  return postgres(url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => {},
    connection: settings,
  })
}
