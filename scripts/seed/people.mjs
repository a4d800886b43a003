/**
 * The people of Halden, the organisation the demo and the browser tests live in. `key` is what the seed and
 * the stories call them; `part` is what one can try out as them.
 * @type {{ key: string, name: string, team: string, title: string, manager?: string, admin?: boolean, auditor?: boolean, part?: string }[]}
 */
export const cast = [
  {
    key: 'ines',
    name: 'Ines Albrecht',
    team: 'Security',
    title: 'Head of security',
    admin: true,
    part: 'admin: policies, applications, every grant',
  },
  {
    key: 'mira',
    name: 'Mira Lindqvist',
    team: 'Data',
    title: 'Data lead',
    manager: 'ines',
    part: 'owns Data warehouse, agrees to requests',
  },
  {
    key: 'ben',
    name: 'Ben Okafor',
    team: 'Payments',
    title: 'Payments lead',
    manager: 'ines',
    part: "Ana's manager, agrees to requests",
  },
  {
    key: 'ana',
    name: 'Ana Oliveira',
    team: 'Payments',
    title: 'Engineer',
    manager: 'ben',
    part: 'asks for access',
  },
  {
    key: 'ruth',
    name: 'Ruth Adler',
    team: 'Payments',
    title: 'Payments operations',
    manager: 'ben',
    part: 'gives and takes Stripe access by hand',
  },
  {
    key: 'sofia',
    name: 'Sofia Lindqvist',
    team: 'Internal audit',
    title: 'Auditor',
    manager: 'ines',
    auditor: true,
    part: 'auditor: sees everything, changes nothing',
  },
  { key: 'jonas', name: 'Jonas Weber', team: 'Data engineering', title: 'Data engineer', manager: 'mira' },
  { key: 'priya', name: 'Priya Nair', team: 'Data engineering', title: 'Data engineer', manager: 'mira' },
  { key: 'nadia', name: 'Nadia Haddad', team: 'Data engineering', title: 'Data engineer', manager: 'mira' },
  { key: 'lena', name: 'Lena Hoffmann', team: 'Analytics', title: 'Analyst', manager: 'mira' },
  { key: 'tomas', name: 'Tomás Rivera', team: 'Finance', title: 'Controller', manager: 'ines' },
  { key: 'owen', name: 'Owen Bright', team: 'Finance', title: 'Accountant', manager: 'tomas' },
  { key: 'mei', name: 'Mei Tanaka', team: 'Platform', title: 'Platform lead', manager: 'ines' },
  { key: 'samuel', name: 'Samuel Osei', team: 'Site reliability', title: 'Engineer', manager: 'mei' },
  { key: 'chidi', name: 'Chidi Eze', team: 'Payments', title: 'Engineer', manager: 'ben' },
  {
    key: 'greta',
    name: 'Greta Sand',
    team: 'Finance',
    title: 'Finance director',
    manager: 'ines',
    part: 'away this week; Samuel decides in her place',
  },
  { key: 'hugo', name: 'Hugo Meyer', team: 'Legal', title: 'Counsel', manager: 'ines' },
  { key: 'theo', name: 'Theo Lange', team: 'Data engineering', title: 'Data engineer', manager: 'mira' },
  { key: 'yara', name: 'Yara Haddou', team: 'Payments', title: 'Engineer', manager: 'ben' },
  // Left in the third week of the history; nobody can sign in as him any more.
  { key: 'oskar', name: 'Oskar Brandt', team: 'Data engineering', title: 'Data engineer', manager: 'mira' },
]

const plain = (name) => name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** The address of one of them: ana.oliveira@halden.example. */
export const emailOf = (key) => `${plain(person(key).name).replaceAll(' ', '.')}@halden.example`

/** Their login role in the warehouse: ana_oliveira. */
export const loginOf = (key) => plain(person(key).name).replaceAll(' ', '_')

/** One of them by key. */
export function person(key) {
  const found = cast.find((one) => one.key === key)
  if (!found) throw new Error(`nobody at Halden is called ${key}`)
  return found
}
