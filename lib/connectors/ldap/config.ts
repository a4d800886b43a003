import 'server-only'
import { type Filter, FilterParser } from 'ldapts'
import { z } from 'zod'
import { isDn } from './dn'

/** Stands for nobody: it is under no directory's own names, so no entry can ever be made of it. */
export const PLACEHOLDER = 'cn=empty-membership-placeholder'

function isFilter(text: string): boolean {
  try {
    FilterParser.parseString(text)
    return text.startsWith('(')
  } catch {
    return false
  }
}

const dnField = (what: string) =>
  z
    .string({ error: `Enter ${what}.` })
    .trim()
    .min(1, `Enter ${what}.`)
    .max(2000, 'A distinguished name is at most 2,000 characters long.')
    .refine(isDn, 'Enter a distinguished name, such as ou=groups,dc=example,dc=com.')

const filterField = () =>
  z
    .string()
    .trim()
    .max(2000, 'A filter is at most 2,000 characters long.')
    .refine(
      (text) => text === '' || isFilter(text),
      'Enter a filter in parentheses, such as (objectClass=person).',
    )
    .optional()

const fields = z.object({
  host: z
    .string({ error: 'Enter the host name or address of the server.' })
    .trim()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9._:-]*[A-Za-z0-9])?$/, 'Enter a host name or an address, without a port.')
    .max(253, 'A host name is at most 253 characters long.')
    .meta({
      group: 'Server',
      label: 'Host',
      help: 'One server that takes changes. With Active Directory: one domain controller, not the domain’s name, so that a look asks the one that was changed.',
      placeholder: 'directory.example.com',
      target: true,
    }),
  port: z.coerce
    .number({ error: 'Enter a port number.' })
    .int('Enter a port number.')
    .min(1, 'Ports start at 1.')
    .max(65_535, 'Ports end at 65535.')
    .default(636)
    .meta({
      group: 'Server',
      label: 'Port',
      help: 'Usually 636 for ldaps and 389 otherwise.',
      target: true,
    }),
  encryption: z.enum(['ldaps', 'starttls', 'none']).default('ldaps').meta({
    group: 'Server',
    label: 'Encryption',
    help: 'ldaps encrypts from the first byte, starttls after a first word; none is refused unless the server is on this machine.',
  }),
  caCertificate: z
    .string()
    .trim()
    .max(32_768, 'The certificate is too long.')
    .refine((pem) => pem === '' || pem.includes('BEGIN CERTIFICATE'), 'Paste a certificate in PEM form.')
    .optional()
    .meta({
      group: 'Server',
      label: 'Certificate authority',
      help: 'PEM, only when the server’s certificate is not signed by a public authority.',
      multiline: true,
      when: { field: 'encryption', is: ['ldaps', 'starttls'] },
    }),
  dialect: z.enum(['openldap', 'active-directory']).default('openldap').meta({
    group: 'Server',
    label: 'Kind of directory',
    help: 'openldap for OpenLDAP and others that keep an entryUUID; active-directory for Active Directory and Samba.',
    target: true,
  }),
  bindDn: z
    .string({ error: 'Enter the operator’s name.' })
    .trim()
    .min(1, 'Enter the operator’s name.')
    .max(2000, 'A name is at most 2,000 characters long.')
    .meta({
      group: 'Operator',
      label: 'Operator',
      help: 'The distinguished name we sign in with; with Active Directory also name@domain. It may read people and groups and change the members of the groups to lease, nothing else.',
      placeholder: 'cn=leasehold,ou=services,dc=example,dc=com',
    }),
  password: z
    .string({ error: 'Enter the operator’s password.' })
    // An empty password would be an anonymous sign-in that succeeds (RFC 4513, 5.1.2).
    .min(1, 'Enter the operator’s password.')
    .max(1000, 'A password is at most 1,000 characters long.')
    .meta({ group: 'Operator', label: 'Password', secret: true }),
  peopleBase: dnField('where people are').meta({
    group: 'People',
    label: 'People under',
    placeholder: 'ou=people,dc=example,dc=com',
  }),
  peopleFilter: filterField().meta({
    group: 'People',
    label: 'Filter for people',
    help: 'Left empty: (|(objectClass=person)(objectClass=posixAccount)), with Active Directory (&(objectCategory=person)(objectClass=user)).',
  }),
  mailAttribute: z
    .string()
    .trim()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, 'Enter the name of one attribute.')
    .default('mail')
    .meta({
      group: 'People',
      label: 'Attribute with the e-mail address',
      help: 'With Active Directory userPrincipalName is asked as well.',
    }),
  groupsBase: dnField('where groups are').meta({
    group: 'Groups',
    label: 'Groups under',
    placeholder: 'ou=groups,dc=example,dc=com',
  }),
  groupsFilter: filterField().meta({
    group: 'Groups',
    label: 'Filter for groups',
    help: 'Left empty: every groupOfNames, groupOfUniqueNames, groupOfMembers, posixGroup and groupOfURLs, with Active Directory every group.',
  }),
  memberAttribute: z
    .enum(['member', 'uniqueMember', 'memberUid'])
    .default('member')
    .meta({
      group: 'Groups',
      label: 'Attribute with the members',
      help: 'member for groupOfNames, uniqueMember for groupOfUniqueNames, memberUid for posixGroup.',
      when: { field: 'dialect', is: ['openldap'] },
      target: true,
    }),
  placeholder: z
    .string()
    .trim()
    .max(2000, 'A distinguished name is at most 2,000 characters long.')
    .refine((text) => text === '' || isDn(text), 'Enter a distinguished name, or nothing.')
    .optional()
    .meta({
      group: 'Groups',
      label: 'Placeholder member',
      help: `Takes the place of the last member of a group that must not be empty. Left empty: ${PLACEHOLDER}, which is nobody.`,
      when: { field: 'dialect', is: ['openldap'] },
    }),
})

export const ldapConfigSchema = fields.refine(
  ({ dialect, memberAttribute }) => dialect === 'openldap' || memberAttribute === 'member',
  { error: 'Active Directory keeps members in member.', path: ['memberAttribute'] },
)

export type LdapConfig = z.infer<typeof ldapConfigSchema>

const everyPerson = {
  openldap: '(|(objectClass=person)(objectClass=posixAccount))',
  'active-directory': '(&(objectCategory=person)(objectClass=user))',
}
const groupClasses = ['groupOfNames', 'groupOfUniqueNames', 'groupOfMembers', 'posixGroup', 'groupOfURLs']
const everyGroup = {
  openldap: `(|${groupClasses.map((name) => `(objectClass=${name})`).join('')})`,
  'active-directory': '(objectClass=group)',
}

export const peopleFilter = ({ peopleFilter: own, dialect }: LdapConfig): Filter =>
  FilterParser.parseString(own || everyPerson[dialect])

export const groupsFilter = ({ groupsFilter: own, dialect }: LdapConfig): Filter =>
  FilterParser.parseString(own || everyGroup[dialect])

export const isActiveDirectory = ({ dialect }: LdapConfig): boolean => dialect === 'active-directory'

export const placeholderOf = ({ placeholder }: LdapConfig): string => placeholder || PLACEHOLDER
