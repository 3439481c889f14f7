// J14 首次运行, to step 4: an empty directory becomes a node with an administrator who has a second factor.
import { check, count, run } from './journey.mjs'
import { totp } from './totp.mjs'

const PASSWORD = 'Qingcheng-2026-anlan'
const TABLE = 'code,name\n1501,呼和浩特市\n150102,新城区\n150125,武川县\n150125100,可可以力更镇\n'

await run('j14', async (journey) => {
  const page = await journey.open()
  const token = process.env.ANLAN_TOKEN
  let screens = 0
  const next = async () => {
    screens += 1
    await page.getByRole('button', { name: '下一步' }).click()
  }

  // Nothing works without the console's token.
  await page.goto(journey.address)
  await page.getByLabel('一次性口令').waitFor()
  for (const [path, method] of [['/incidents', 'GET'], ['/sessions', 'POST'], ['/setup/node', 'POST'], ['/setup/divisions', 'POST'], ['/setup/restore', 'POST']]) {
    const status = await page.evaluate(([p, m]) => fetch(`/api/v1${p}`, { method: m, body: m === 'POST' ? '{}' : undefined }).then((r) => r.status), [path, method])
    check([401, 503].includes(status), `${method} ${path} answers ${status} before there is a node`)
  }
  await page.getByLabel('一次性口令').fill('0000-0000-0000-0000-0000')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByText('一次性口令不对').waitFor()
  await journey.look('1-token')
  await page.getByLabel('一次性口令').fill(token)
  await next()

  await page.getByRole('button', { name: /建立新节点/ }).waitFor()
  await journey.look('2-choice')
  screens += 1
  await page.getByRole('button', { name: /建立新节点/ }).click()

  // Unit and division; a broken table is refused by its line, a good one fills the form.
  await page.getByLabel('单位名称').fill('呼和浩特市应急管理局')
  const table = page.locator('input[name=divisions]')
  await table.setInputFiles({ name: 'bad.csv', mimeType: 'text/csv', buffer: Buffer.from('code,name\n1501 呼和浩特市\n') })
  await page.getByText(/第 2 行/).waitFor()
  await table.setInputFiles({ name: 'table.csv', mimeType: 'text/csv', buffer: Buffer.from(TABLE) })
  await page.getByText(/共 4 个/).waitFor()
  check((await page.locator('input[name=division]').inputValue()) === '1501', 'the table does not fill the code')
  await journey.look('3-place')
  await next()

  await page.locator('input[name=admin-person]').fill('苏日娜')
  await page.locator('input[name=admin]').fill('anquan')
  await page.locator('input[name=password]').fill(PASSWORD)
  await page.locator('input[name=password-again]').fill(PASSWORD)
  await journey.look('4-admin')
  screens += 1
  await page.getByRole('button', { name: '建立节点' }).click()

  // The program changes over; the administrator does nothing before the second factor.
  await page.locator('img.qr').waitFor({ timeout: 60_000 })
  await journey.look('5-second-factor')
  const secret = (await page.locator('code.secret').textContent()).trim()
  await page.getByLabel('6 位动态码').fill(totp(secret))
  await page.getByRole('button', { name: '确认开启' }).click()
  await page.getByText('恢复码').first().waitFor()
  await page.getByLabel('我已抄存恢复码').check()
  await journey.look('6-recovery', { themes: ['light'] })
  screens += 1
  await page.getByRole('button', { name: '完成' }).click()
  await page.getByText('已建立').waitFor()
  await journey.look('7-done', { themes: ['light'] })
  count('screens', screens, 12)

  // Read back: the node, its divisions, the administrator.
  const node = (await journey.read('/node')).body
  check(node.initialised === true && node.demo === false && node.name === '呼和浩特市应急管理局' && node.suite === 'gm', 'the node is something else')
  const me = (await journey.read('/me')).body
  check(me.totp_enabled === true && me.grants.every((grant) => grant.role === 'security_admin'), 'the administrator is something else')
  const again = await page.evaluate(() => fetch('/api/v1/setup/node', { method: 'POST', body: '{}' }).then((r) => r.status))
  check(again === 404 || again === 405, `the set-up still answers: ${again}`)
  await page.getByRole('button', { name: '进入' }).click()
  await page.locator('main h1').first().waitFor()
  await journey.look('8-entered', { themes: ['light'] })
})
