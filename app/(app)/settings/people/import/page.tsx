import type { Metadata } from 'next'
import { ImportUpload } from '@/components/people-list/import-upload'
import { peopleCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { MOST_LINES } from '@/lib/directory-file'
import { notHere } from '@/lib/not-here'
import { mayImport } from '@/lib/queries/directory-imports'
import { requireViewer } from '@/lib/session'

export const metadata: Metadata = { title: 'Import people or groups' }

export default async function ImportPage() {
  const { ctx } = await requireViewer()
  if (!mayImport(ctx)) return notHere()
  return (
    <PageFrame crumbs={[...peopleCrumbs, { label: 'Import' }]}>
      <h1 className="page-title">Import people or groups</h1>
      <p className="page-sub">
        From a CSV file. First you see what it would do, line by line; nothing changes before you say so.
      </p>
      <div className="mt-5 max-w-xl stack gap-4!">
        <ImportUpload />
        <section className="card card-pad" aria-labelledby="import-how">
          <h2 className="section-title" id="import-how">
            What the file looks like
          </h2>
          <ul className="mt-2 grid list-disc gap-1 pl-5">
            <li>
              The first line names the columns. People need <b>email</b>; <b>name</b>, <b>title</b>,{' '}
              <b>team</b>, <b>manager</b> (an e-mail address), <b>time zone</b> and <b>locale</b> may be
              there. Groups need <b>group</b> and <b>email</b>, one line for each member.
            </li>
            <li>
              A column that is not there changes nothing. An empty cell empties what was there; a name stays.
            </li>
            <li>People are known by their address. Nobody becomes an admin or an auditor by a file.</li>
            <li>
              Comma, semicolon or tab between cells; UTF-8; at most 1 MB and {MOST_LINES.toLocaleString('en')}{' '}
              lines.
            </li>
          </ul>
        </section>
      </div>
    </PageFrame>
  )
}
