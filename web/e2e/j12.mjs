// J12 审计, first cut: from the incident to its proof, an evidence pack that verifies offline, and a changed database that is named.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check, measure, run } from './journey.mjs'

const binary = process.env.ANLAN_BIN
const folder = mkdtempSync(join(tmpdir(), 'anlan-j12-'))
/** Runs the verifier as on a laptop without a network; gives its exit code and what it says. */
function verify(file) {
  try {
    return { code: 0, said: execFileSync(binary, ['ledger', 'verify', file], { encoding: 'utf8' }) }
  } catch (error) {
    return { code: error.status, said: `${error.stdout}${error.stderr}` }
  }
}
async function save(journey, act, name) {
  const coming = journey.page.waitForEvent('download')
  await act()
  const file = join(folder, name)
  await (await coming).saveAs(file)
  return file
}

await run('j12', async (journey, account) => {
  const page = await journey.open()
  await journey.signIn(account('auditor'), '/incidents?status=all')

  // 1, 2 The incident and its timeline; 4 the proof of an entry.
  await page.getByRole('link', { name: /液化气站泄漏/ }).first().click()
  await page.locator('main h1').filter({ hasText: '液化气站' }).waitFor()
  await journey.look('2-timeline', { themes: ['light'] })
  await page.locator('main a.entry').first().click()
  await page.waitForURL(/\/ledger\//)
  await page.getByText('证明成立').waitFor()
  await journey.look('4-proof')
  check((await page.getByText('签名有效').count()) === 1, 'the signature is not told')
  const [, origin, seq] = /\/ledger\/([^/]+)\/(\d+)/.exec(page.url())
  const detail = (await journey.read(`/ledger/entries/${origin}/${seq}`)).body
  check(detail.hash_fits && detail.proof.leads_to_root && detail.proof.signature_holds, 'the node itself does not stand by the proof')

  // Personal values stay sealed until a reason is given, which becomes an entry.
  const received = (await journey.read(`/ledger/entries?stream=${encodeURIComponent(detail.entry.stream)}&limit=100`)).body.items.at(-1)
  await page.goto(`${journey.address}/ledger/${received.origin}/${received.seq}`)
  const sealed = page.getByText('已密封')
  await sealed.first().waitFor()
  await page.getByRole('button', { name: /查看密封内容/ }).click()
  await page.keyboard.type('核对迟报线索')
  await page.keyboard.press('Enter')
  await page.getByText('本次查看已入账').waitFor()
  check((await sealed.count()) === 0, 'a value is still sealed')
  const clear = await page.locator('.body .value b').allTextContents()
  check(clear.length > 0, 'nothing was revealed')
  await journey.look('4-revealed', { themes: ['light'] })
  const audit = (await journey.read('/ledger/entries?kind=audit.&limit=5')).body.items[0]
  check(audit.kind === 'audit.values_revealed.v1' && audit.body.reason === '核对迟报线索', 'the reading is not in the ledger')

  // 5 The evidence pack, 6 verified offline; a changed copy is named.
  const start = performance.now()
  const pack = await save(journey, () => page.getByRole('button', { name: '导出证据包' }).click(), 'pack.json')
  measure('pack_ms', Math.round(performance.now() - start), 5_000)
  const whole = verify(pack)
  check(whole.code === 0, `the pack does not verify: ${whole.said}`)
  const text = readFileSync(pack, 'utf8')
  check(clear.every((value) => !text.includes(value)), 'a sealed value stands open in the pack')
  const forged = join(folder, 'forged.json')
  writeFileSync(forged, text.replace(/("text":")[^"]+/, '$1无事'))
  check(readFileSync(forged, 'utf8') !== text, 'nothing was forged')
  const lie = verify(forged)
  check(lie.code !== 0 && /Changed|Inserted/.test(lie.said), `a forged pack passes: ${lie.said}`)

  // The whole feed, and the check on the node itself.
  await page.goto(`${journey.address}/ledger`)
  await page.locator('table').waitFor()
  await journey.look('5-ledger')
  const feed = await save(journey, () => page.getByRole('button', { name: '导出全本' }).click(), 'feed.jsonl')
  check(verify(feed).code === 0, 'the exported feed does not verify')
  await page.getByRole('button', { name: '核验账本' }).click()
  await page.getByText('账本完整').waitFor()
  await journey.look('6-whole', { themes: ['light'] })

  // The caller now edits this entry in the database, and runs the second part.
  console.log(`victim: ${received.seq}`)
  rmSync(folder, { recursive: true, force: true })
})
