// J12, last step: somebody with all rights on the machine has edited the database; it is found and named.
import { check, run } from './journey.mjs'

const victim = Number(process.env.ANLAN_VICTIM)

await run('j12-found', async (journey, account) => {
  const page = await journey.open()
  await journey.signIn(account('auditor'), '/ledger')
  await page.getByRole('button', { name: '核验账本' }).click()
  await page.getByText(`#${victim} 被改动`).waitFor()
  await journey.look('7-found')
  const { body } = await journey.read(`/ledger/entries?limit=1`)
  await page.goto(`${journey.address}/ledger/${body.items[0].origin}/${victim}`)
  await page.getByText('证明不成立').waitFor()
  await journey.look('7-entry')
  check((await page.getByText('不一致：内容被改动').count()) === 1, 'the page does not say what is wrong')
})
