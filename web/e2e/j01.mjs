// J1 接警: a call at night, by keyboard alone; without dispatch.
import { check, count, measure, run } from './journey.mjs'

const CALLER = '10047110312'
const TEXT = '液化气站阀门漏气，站内工人头晕，正在疏散'
const OTHER_TEXT = '院墙倒塌，无人被压'
const since = (start) => Math.round(performance.now() - start)

/** Waits until the focus stands in a field of the intake. */
const ready = (page) => page.waitForFunction(() => /INPUT|SELECT|TEXTAREA/.test(document.activeElement?.tagName ?? '') && document.activeElement.closest('form.intake') !== null)
/** Moves on with Tab until the focus stands in the field with this label. */
async function tabTo(journey, label) {
  for (let n = 0; n < 12; n++) {
    const here = await journey.page.evaluate(() => {
      const field = document.activeElement
      const own = field?.labels?.[0]?.textContent ?? ''
      return `${own} ${field?.getAttribute('aria-label') ?? ''}`.trim()
    })
    if (here.includes(label)) return
    await journey.press('Tab')
  }
  check(false, `Tab never came to the field ${label}`)
}
async function placeByInitials(journey, initials) {
  await tabTo(journey, '地点')
  await journey.type(initials)
  await journey.page.locator('.picker.open [role=option]:not(.none)').first().waitFor()
  await journey.press('Enter')
}

await run('j01', async (journey, account) => {
  const officer = account('wuchuan')
  let page = await journey.open()
  await journey.signIn(officer, '/incidents?status=all')
  await page.locator('main h1').waitFor()

  // 1 From any page: F2.
  const first = performance.now()
  journey.keys = 0
  await journey.press('F2')
  await ready(page)
  measure('form_ready_ms', since(first), 1_000)

  // 2 Number, type by a key, place by initials, one line of text.
  await tabTo(journey, '来电号码')
  await journey.type(CALLER, false)
  await tabTo(journey, '事件类别')
  await journey.type('3')
  await placeByInitials(journey, 'kkylg')
  await tabTo(journey, '情况')
  await journey.type(TEXT, false)
  await page.waitForFunction(() => document.querySelector('.kept')?.textContent?.includes('节点'))
  await journey.look('2-written')

  // The browser is killed and comes back.
  await journey.kill()
  page = await journey.open()
  await page.goto(`${journey.address}/desk`)
  await page.locator('main.desk, main.sign-in').waitFor()
  if (page.url().includes('sign-in')) await journey.signIn(officer, '/desk')
  const again = performance.now()
  const offer = page.getByRole('button', { name: '继续填写' })
  await offer.waitFor()
  await offer.focus()
  await page.keyboard.press('Enter')
  await ready(page)
  const draft = () => page.evaluate(() => [...document.querySelectorAll('form.intake input, form.intake textarea')].map((field) => field.value))
  await page.waitForFunction((text) => [...document.querySelectorAll('form.intake textarea')].some((field) => field.value === text), TEXT)
  measure('draft_back_ms', since(again), 5_000)
  const kept = await draft()
  for (const value of [CALLER, TEXT]) check(kept.includes(value), `the draft came back without ${value}`)
  check(kept.some((value) => value.includes('可可以力更镇')), 'the draft came back without its place')

  // 3 The duplicate is shown; it is not the same.
  await page.locator('.duplicates').waitFor()
  await journey.look('3-duplicate', { themes: ['light'] })
  while (await page.locator('.duplicates').count()) await journey.press('Alt+n')

  // A second call comes in between; neither writes into the other.
  const keysOfFirst = journey.keys
  await page.keyboard.press('F2')
  await page.waitForFunction((text) => ![...document.querySelectorAll('form.intake textarea')].some((field) => field.value === text), TEXT)
  await ready(page)
  await tabTo(journey, '情况')
  await page.keyboard.type(OTHER_TEXT)
  await journey.look('3-second-call', { themes: ['light'] })
  await page.keyboard.press('Alt+1')
  await page.waitForFunction((text) => [...document.querySelectorAll('form.intake textarea')].some((field) => field.value === text), TEXT)
  check(!(await draft()).includes(OTHER_TEXT), 'the second call is mixed into the first')
  journey.keys = keysOfFirst

  // 4 Kept. A duplicate that was found meanwhile is answered first, as before.
  while (await page.locator('.duplicates').count()) await journey.press('Alt+n')
  await page.locator('button.save:enabled').waitFor()
  await page.locator('form.intake textarea').focus()
  const answer = page.waitForResponse((r) => r.url().endsWith('/api/v1/incidents') && r.request().method() === 'POST')
  const saving = performance.now()
  await journey.press('Control+Enter')
  const saved = await (await answer).json()
  await page.locator('.saved .proof').waitFor()
  measure('saved_ms', since(saving), 300)
  count('keys', journey.keys, 60)
  await journey.look('4-saved')

  // Read back from the node and from its ledger.
  const { body } = await journey.read(`/incidents/${saved.id}`)
  check(body.text === TEXT && body.division.startsWith('150125100') && body.event_class.startsWith('203'), 'the node kept something else')
  check(body.caller?.sealed === true && !JSON.stringify(body).includes(CALLER), 'the caller is not sealed')
  const entries = await journey.read(`/incidents/${saved.id}/timeline`)
  check(entries.body.items.some((item) => item.kind === 'incident.received.v1'), 'no entry tells of the report')
  const drafts = await journey.read('/drafts')
  const rest = JSON.stringify(drafts.body)
  check(rest.includes(OTHER_TEXT) && !rest.includes(TEXT), 'the other call is lost, or the kept one is still a draft')
})
