import type { Metadata, Route } from 'next'
import { PageFrame } from '@/components/shell/page-frame'
import { Icon } from '@/components/ui/icon'
import { Link } from '@/components/ui/link'
import { notHere } from '@/lib/not-here'
import { placesToManage } from '@/lib/queries/shell'
import { requireViewer } from '@/lib/session'

export const metadata: Metadata = { title: 'Manage' }

/** What the sidebar lists, for a phone: the places of whoever looks after more than themselves. */
export default async function ManagePage() {
  const { ctx, now } = await requireViewer()
  const sections = await placesToManage(ctx, now)
  if (sections.length === 0) return notHere()
  return (
    <PageFrame crumbs={[{ label: 'Manage' }]}>
      <div className="page-narrow">
        <h1 className="page-title sr-phone">Manage</h1>
        {sections.map(({ label, items }, i) => (
          <section key={label} className="manage" aria-labelledby={`manage-${i}`}>
            <h2 className="section-title" id={`manage-${i}`}>
              {label}
            </h2>
            <ul className="card">
              {items.map((item) => (
                <li key={item.href}>
                  <Link className="manage-link" href={item.href as Route}>
                    <Icon name={item.icon} />
                    {item.label}
                    <span className="grow" />
                    {item.count ? <span className="side-count hot">{item.count} overdue</span> : null}
                    <Icon name="chevron-right" />
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </PageFrame>
  )
}
