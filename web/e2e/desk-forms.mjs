// The forms of the desk and of the organisation: each act is done on its page and read back from the node.
import { check, run } from './journey.mjs'

const answered = (page, method, part) => page.waitForResponse((r) => r.request().method() === method && r.url().includes(part))
/** Picks in a picker by typing: the first that is found. */
async function pick(page, field, words) {
  await field.fill(words)
  await page.locator('.picker.open [role=option]:not(.none)').first().waitFor()
  await page.keyboard.press('Enter')
}
/** Does an act and waits until the node has taken it. */
async function taken(page, method, part, act) {
  const [answer] = await Promise.all([answered(page, method, part), act()])
  if (!answer.ok()) check(false, `${method} ${part} was refused: ${answer.status()} ${await answer.text()}`)
  return answer
}

/** A page scrolled under its head bar shows halves of buttons, which are no targets. */
const top = (page) => page.evaluate(() => window.scrollTo(0, 0))

await run('desk-forms', async (journey, account) => {
  let page = await journey.open()

  // The system administrator: a relation, a post and its people, a command body.
  await journey.signIn(account('system_admin'), '/organisation/units/water-1501')
  const drawer = page.locator('dialog')
  await page.getByRole('button', { name: '登记关系' }).click()
  await drawer.getByLabel('关系', { exact: true }).selectOption('down.negotiated')
  await pick(page, drawer.getByRole('combobox', { name: '对方单位' }), '消防救援支队')
  await drawer.getByLabel('依据').fill('联动协议')
  await journey.look('relation')
  await taken(page, 'POST', '/relations', () => drawer.getByRole('button', { name: '保存' }).click())
  await page.getByRole('button', { name: '新增岗位' }).click()
  await drawer.getByLabel('岗位名称').fill('防汛值守组长')
  await pick(page, drawer.getByRole('combobox', { name: '人员' }), '主要负责人')
  await journey.look('post', { themes: ['light'] })
  await taken(page, 'POST', '/posts', () => drawer.getByRole('button', { name: '保存' }).click())
  await page.getByText('防汛值守组长').waitFor()
  const unit = (await journey.read('/units/water-1501')).body
  check(unit.relations.some((one) => one.kind === 'negotiated' && one.note === '联动协议' && one.other_name.includes('消防')), 'the relation was not kept')
  check(unit.posts.some((post) => post.title === '防汛值守组长' && post.holders.length === 1), 'the post has nobody in it')

  await page.goto(`${journey.address}/organisation/bodies`)
  await page.getByRole('button', { name: /^修改 .*防汛/ }).click()
  await drawer.getByRole('button', { name: '加成员单位' }).click()
  await pick(page, drawer.getByRole('combobox').last(), '生态环境局')
  await journey.look('body', { themes: ['light'] })
  await taken(page, 'PUT', '/bodies/', () => drawer.getByRole('button', { name: '保存' }).click())
  const bodies = (await journey.read('/bodies?area=1501')).body.items
  check(bodies.find((body) => body.name.includes('防汛') && body.division === '1501').members.some((member) => member.name.includes('生态环境局')), 'the member was not kept')
  await journey.context.clearCookies()

  // The officer: next month's roster without a gap, then the rarer acts on an incident.
  await journey.signIn(account('zhiban'), '/organisation/roster')
  await page.getByRole('button', { name: '下个月' }).click()
  await page.getByRole('button', { name: '排班', exact: true }).click()
  await page.getByRole('button', { name: '补齐空班' }).click()
  await page.getByText('已排满，无人重班').waitFor()
  await journey.look('roster')
  const planned = await taken(page, 'PUT', '/shifts', () => page.getByRole('button', { name: '保存', exact: true }).click())
  const span = JSON.parse(planned.request().postData())
  const query = `from=${encodeURIComponent(span.from)}&to=${encodeURIComponent(span.to)}`
  const roster = (await journey.read(`/units/duty-1501/shifts?${query}`)).body
  const begun = roster.shifts.filter((shift) => Date.parse(shift.since) >= Date.parse(span.from))
  check(begun.length === span.shifts.length && span.shifts.length >= 28 * 3, `the roster keeps ${begun.length} of ${span.shifts.length} shifts`)

  const board = (await journey.read('/incidents/board')).body.items
  const { id } = board.find((one) => one.title.includes('液化气'))
  await page.goto(`${journey.address}/incidents/${id}`)
  const more = page.getByRole('region', { name: '其他办理' })
  await more.getByRole('button', { name: '再记一次来电' }).click()
  await more.getByLabel(/^情况/).fill('另有住户来电称隔壁院内也有气味')
  await top(page)
  await journey.look('call', { themes: ['light'] })
  await taken(page, 'POST', '/calls', () => more.getByRole('button', { name: '记入' }).click())
  await more.getByRole('button', { name: '询问下级' }).click()
  await more.getByLabel(/^问题/).fill('第二处气味是否同一来源')
  await top(page)
  await journey.look('enquiry', { themes: ['light'] })
  await taken(page, 'POST', '/enquiries', () => more.getByRole('button', { name: '发出询问' }).click())
  await more.getByRole('button', { name: '说明首次知悉' }).click()
  await more.getByLabel('知悉时刻').fill('-20')
  await more.getByLabel(/^证据/).fill('值班记录第12页')
  await top(page)
  await journey.look('learned', { themes: ['light'] })
  await taken(page, 'POST', '/knowledge', () => more.getByRole('button', { name: '记下' }).click())
  const grading = page.getByRole('region', { name: '等级' })
  await grading.getByRole('button', { name: '定级' }).click()
  await taken(page, 'POST', '/grade', () => grading.getByRole('button', { name: '确认定级' }).click())
  await more.getByRole('button', { name: '分案' }).click()
  await more.getByRole('checkbox', { name: /第 ?2/ }).check()
  await more.getByLabel(/^新事件标题/).fill('隔壁院内异味')
  await more.getByLabel(/^理由/).fill('另一处气源')
  await top(page)
  await journey.look('split', { themes: ['light'] })
  await taken(page, 'POST', '/split', () => more.getByRole('button', { name: '分出' }).click())
  await page.locator('main h1').filter({ hasText: '隔壁院内异味' }).waitFor()
  const whole = (await journey.read(`/incidents/${id}`)).body
  check(whole.grade === 'ordinary', `the grade is ${whole.grade}`)
  check(whole.enquiries.some((one) => one.text.includes('第二处气味')), 'the question was not kept')
  check(whole.knowledge.some((one) => one.text?.includes('值班记录') || one.evidence.kind === 'statement'), 'the first knowledge was not kept')
  check(whole.split_into.length === 1 && whole.calls.find((one) => one.number === 2).moved_to, 'the call still belongs to the first file')
  await journey.context.clearCookies()

  // The township: a household, sealed, and a grid's name.
  await journey.signIn(account('kekeyiligeng'), '/organisation?division=150125100003')
  await page.getByRole('button', { name: '登记户' }).first().click()
  await drawer.getByLabel(/^门牌/).fill('101号')
  await drawer.getByLabel('姓名').fill('演示甲')
  await drawer.getByLabel('出生年').fill('1950')
  await drawer.getByLabel('转移需要的帮助').fill('行动不便')
  await journey.look('household', { themes: ['light'] })
  await taken(page, 'POST', '/households', () => drawer.getByRole('button', { name: '保存' }).click())
  await page.getByRole('button', { name: /^修改网格/ }).first().click()
  await drawer.getByLabel(/^网格名称/).fill('东官井一网格')
  await taken(page, 'PUT', '/grids/', () => drawer.getByRole('button', { name: '保存' }).click())
  await page.getByText('东官井一网格').first().waitFor()
  const households = (await journey.read('/households?area=150125100003&limit=100')).body.items
  const fresh = households.find((one) => one.label === '101号')
  check(fresh && fresh.need_help === 1 && !JSON.stringify(fresh).includes('演示甲'), 'the household is not kept, or not sealed')
  await journey.look('grids')
})
