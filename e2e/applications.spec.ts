import { expect, test } from './fixtures'

test('an application is described by keyboard, and what was typed is never lost', async ({ as }) => {
  const page = await as('ines')
  await page.goto('/settings/access-management/applications/new')
  const search = page.getByRole('searchbox', { name: 'Find a system' })

  await test.step('nothing is guessed: what is missing is named', async () => {
    await page.getByRole('button', { name: 'Add application' }).click()
    await expect(page.getByRole('link', { name: 'Choose how access is given' })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Give the application a name' })).toBeVisible()
  })

  await test.step('a system is found by what people call it, and taken with Enter', async () => {
    await search.fill('sql database')
    await expect(page.getByRole('radio')).toHaveCount(1)
    await search.press('Enter')
    await expect(page.getByRole('radio', { name: /^PostgreSQL/ })).toBeFocused()
    await expect(page.getByRole('radio', { name: /^PostgreSQL/ })).toBeChecked()
    await search.fill('')
    await search.press('ArrowDown')
    await expect(page.getByRole('radio').first()).toBeChecked()
    await search.fill('by hand')
    await expect(page.getByRole('radio', { name: /^No connection/ })).toBeVisible()
    await search.fill('webhook')
    await search.press('Enter')
  })

  const address = page.getByRole('textbox', { name: /^Address/ })
  const secret = page.getByLabel(/^Signing secret/)
  await test.step('wrong values are said at their fields, and nothing typed is lost', async () => {
    await page.getByRole('textbox', { name: 'Name' }).fill('A slip of the pen')
    await address.fill('not an address')
    await secret.fill('hunter2')
    await page.getByRole('button', { name: 'Add application' }).click()
    await expect(address).toHaveAttribute('aria-invalid', 'true')
    await expect(secret).toHaveAttribute('aria-invalid', 'true')
    await expect(address).toHaveValue('not an address')
    await expect(secret).toHaveValue('hunter2')
    await search.fill('')
    await page.getByRole('radio', { name: /^PostgreSQL/ }).check()
    await page.getByRole('radio', { name: /^Signed webhook/ }).check()
    await expect(address).toHaveValue('not an address')
  })
})
