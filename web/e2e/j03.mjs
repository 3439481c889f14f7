// J3 30 分钟: a county's record becomes a signed report at the city, goes on to two addressees in one act, is followed up and closed.
import { check, count, measure, run } from './journey.mjs'

const since = (start) => Math.round(performance.now() - start)
const DESK = { width: 1366, height: 768 }
const PHONE = { width: 390, height: 844 }

await run('j03', async (journey, account) => {
  const page = await journey.open()
  const [officer, leader] = [account('wuchuan'), account('wuchuandai')]
  const [city, cityLeader] = [account('zhiban'), account('daiban')]
  let clicks = 0
  const click = async (target) => {
    clicks += 1
    await target.click()
  }
  /** Another person at another screen. */
  const as = async (person, size, to) => {
    await journey.context.clearCookies()
    await page.setViewportSize(size)
    await journey.signIn(person, to)
  }
  const post = (path, body) =>
    page.evaluate(
      async ([url, json]) => {
        const response = await fetch(`/api/v1${url}`, { method: 'POST', headers: { 'X-Anlan': '1', 'Content-Type': 'application/json' }, body: JSON.stringify(json) })
        return { status: response.status, body: await response.json().catch(() => null) }
      },
      [path, body],
    )
  const counted = async (where) => check((await page.locator('.nearest .due').count()) === 1, `no countdown on ${where}`)

  // The record that J1 leaves behind.
  await as(officer, DESK, '/incidents')
  const taken = await post('/incidents', {
    event_class: '20100',
    division: '150125100',
    title: '可可以力更镇粮库库房火灾',
    text: '粮库职工来电：三号库房冒烟起火，2人被烟呛伤送县医院，有无人员被困正在核实，消防已到场。',
    address: '可可以力更镇粮库三号库房',
    casualties: [{ kind: 'injured', value: 2, source: '来电人' }],
    not_same_as: [],
  })
  check(taken.status === 201, `the record was refused: ${JSON.stringify(taken.body)}`)
  const incident = taken.body.id

  // 1, 2 上报: the first report is there, filled from the facts.
  await page.goto(`${journey.address}/incidents/${incident}`)
  await page.locator('main h1').filter({ hasText: '粮库' }).waitFor()
  await counted('the incident')
  const drawing = performance.now()
  await click(page.getByRole('button', { name: /起草初报/ }))
  await page.waitForURL(/\/papers\//)
  await page.locator('.text h2').waitFor()
  measure('drawn_ms', since(drawing), 2_000)
  await counted('the paper')
  const first = page.url().split('/').at(-1)
  const text = await page.locator('.text').first().textContent()
  for (const words of ['粮库三号库房', '2人', '正在核实']) check(text?.includes(words), `the draft does not say ${words}`)
  check(!/死亡0人|0人死亡/.test(text ?? ''), 'what nobody said is a zero')
  await journey.look('2-draft')
  await page.getByRole('tab', { name: '版面' }).click()
  await page.locator('.sheet img, .sheet svg').first().waitFor()
  await journey.look('2-page', { themes: ['light'] })

  // 3 To the leader; the officer has typed nothing again.
  await click(page.getByRole('button', { name: '送签' }))
  await page.getByText('待签').first().waitFor()
  count('officer_clicks', clicks, 6)
  // Nothing of the record waits to be typed again: every field of the draft is filled and none stands open.
  count('fields_to_type', await page.locator('.text input, .text textarea').count(), 0)

  // 4 The leader on duty on a telephone: one tap and the PIN.
  await as(leader, PHONE, `/papers/${first}/sign`)
  await page.locator('.sign h1').waitFor()
  await journey.look('4-sign')
  let taps = 0
  const tap = async (name) => {
    taps += 1
    await page.getByRole('button', { name }).click()
  }
  const sign = async (person) => {
    await tap('签发')
    await page.locator('#sign-answer').waitFor()
    await page.keyboard.type(person.pin)
    await page.keyboard.press('Enter')
    await page.locator('.done').waitFor()
  }
  await sign(leader)
  count('leader_taps', taps, 2)
  await journey.look('4-signed', { themes: ['light'] })

  // 5, 6 The city has it: receipt, its own first report to both addressees in one act.
  await as(city, DESK, `/papers/${first}`)
  const seen = performance.now()
  await page.getByRole('button', { name: '签收' }).click()
  await page.locator('.to .ok').first().waitFor()
  measure('received_ms', since(seen), 2_000)
  await journey.look('6-received', { themes: ['light'] })
  await page.goto(`${journey.address}/incidents/${incident}`)
  await page.getByRole('button', { name: /起草初报/ }).click()
  await page.waitForURL(/\/papers\//)
  const up = page.url().split('/').at(-1)
  await page.getByRole('button', { name: '送签' }).click()
  await page.getByText('待签').first().waitFor()
  await as(cityLeader, PHONE, `/papers/${up}/sign`)
  await sign(cityLeader)
  const onward = (await journey.read(`/papers/${up}`)).body
  const names = onward.to.map((unit) => unit.unit_name).join(' ')
  check(names.includes('总值班室') && names.includes('应急管理厅'), `the city reports to ${names}`)
  const chain = (await journey.read(`/incidents/${incident}`)).body
  check(chain.reports.filter((report) => report.paper === up).length >= 1, 'the incident does not know of the report')

  // 7 续报 twice, 终报: drawn, sent, signed.
  for (const [kind, button] of [['follow_up', /续报/], ['follow_up', /续报/], ['final', /终报/]]) {
    await as(officer, DESK, `/incidents/${incident}`)
    await page.getByRole('region', { name: '报文' }).getByRole('button', { name: button }).click()
    await page.waitForURL(/\/papers\//)
    const id = page.url().split('/').at(-1)
    await page.getByRole('button', { name: '送签' }).click()
    await page.getByText('待签').first().waitFor()
    await as(leader, PHONE, `/papers/${id}/sign`)
    await sign(leader)
    check((await journey.read(`/papers/${id}`)).body.kind === kind, `no ${kind} was issued`)
  }

  // The files, and the second route: the same paper carried by hand is one paper.
  await as(officer, DESK, `/papers/${first}`)
  await journey.look('7-issued', { themes: ['light'] })
  for (const kind of ['pdf', 'word']) {
    const start = performance.now()
    const bytes = await page.evaluate(async (url) => (await (await fetch(url)).arrayBuffer()).byteLength, `/api/v1/papers/${first}/${kind}`)
    measure(`${kind}_ms`, since(start), 2_000)
    check(bytes > 2_000, `the ${kind} file is empty`)
  }
  const carried = (await journey.read(`/papers/${first}/carry`)).body
  await as(city, DESK, '/papers')
  const before = (await journey.read(`/papers?incident=${incident}`)).body.items.length
  for (let n = 0; n < 2; n++) {
    const answer = await post('/papers/take-in', { text: carried.parts.join('\n') })
    check(answer.status === 201 && answer.body.id === first, `the carried paper was refused: ${JSON.stringify(answer.body).slice(0, 300)}`)
  }
  check((await journey.read(`/papers?incident=${incident}`)).body.items.length === before, 'the carried paper was doubled')
  await journey.look('8-papers')
})
