import { expect, test } from './fixtures'

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

test('an admin connects an identity provider, replaces its token, and sees what it writes', async ({
  as,
  db,
}) => {
  const ines = await as('ines')
  await ines.goto('/settings/directory')
  await ines.getByRole('button', { name: 'Connect', exact: true }).click()
  const name = ines.getByRole('textbox', { name: 'Name' })
  await ines.getByRole('button', { name: 'Make a token' }).click()
  await expect(name).toHaveAccessibleDescription(/Give the client a name/)
  await name.fill('Okta')
  await ines.getByRole('button', { name: 'Make a token' }).click()
  const shown = ines.getByRole('dialog', { name: 'The new token' })
  const first = await shown.getByRole('textbox', { name: 'Token' }).inputValue()
  await shown.getByRole('button', { name: 'I have it' }).click()
  const address = await ines.getByRole('textbox', { name: 'Base address' }).inputValue()

  // Another machine: no browser, no session.
  const client = (await as(null)).request
  const send = (method: string, path: string, token: string, data?: unknown) =>
    client.fetch(`${address}${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/scim+json' },
      data: data === undefined ? undefined : JSON.stringify(data),
    })
  const user = { userName: 'robin.hale@halden.example', displayName: 'Robin Hale' }
  const made = await send('POST', '/Users', first, user)
  expect(made.status()).toBe(201)
  const { id } = await made.json()
  const group = { displayName: 'From Okta', members: [{ value: id }] }
  const { id: groupId } = await (await send('POST', '/Groups', first, group)).json()

  await ines.goto(`/settings/people/groups/${groupId}`)
  await expect(ines.getByText('Kept by Okta')).toBeVisible()
  await expect(ines.getByRole('link', { name: 'Robin Hale' })).toBeVisible()
  await expect(ines.getByRole('button', { name: 'Add people' })).toHaveCount(0)

  await ines.goto('/settings/directory')
  await expect(ines.getByText('1 person, 1 group')).toBeVisible()
  await ines.getByRole('button', { name: 'New token' }).click()
  await ines.getByRole('alertdialog').getByRole('button', { name: 'Make a token' }).click()
  const second = await shown.getByRole('textbox', { name: 'Token' }).inputValue()
  await shown.getByRole('button', { name: 'I have it' }).click()
  await ines.getByRole('button', { name: `Revoke the token that ends in ${first.slice(-4)}` }).click()
  await ines.getByRole('alertdialog').getByRole('button', { name: 'Revoke token' }).click()
  await expect(ines.getByText(`…${first.slice(-4)}`)).toHaveCount(0)
  expect((await send('GET', '/Users', first)).status()).toBe(401)

  const off = { schemas: [PATCH], Operations: [{ op: 'replace', value: { active: false } }] }
  expect((await send('PATCH', `/Users/${id}`, second, off)).status()).toBe(200)
  const [left] = await db`select deactivated_at is not null as gone from person where id = ${id}`
  expect(left?.gone).toBe(true)
  await ines.getByRole('button', { name: 'Disconnect Okta' }).click()
  await ines.getByRole('alertdialog').getByRole('button', { name: 'Disconnect' }).click()
  await expect(ines.getByText('No identity provider is connected')).toBeVisible()
  expect((await send('GET', '/Users', second)).status()).toBe(401)
})
