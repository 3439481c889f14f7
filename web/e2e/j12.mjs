// J12 审计: from the incident to the flag of a back-dated report, the proof of its entries, an evidence pack that verifies
// offline, and a changed database that is named.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check, count, measure, run } from './journey.mjs'

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
/** The files of a ZIP whose parts are stored as they are; gives their paths by name. */
function unpack(file) {
  const bytes = readFileSync(file)
  const files = {}
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    const [size, name, extra] = [bytes.readUInt32LE(at + 18), bytes.readUInt16LE(at + 26), bytes.readUInt16LE(at + 28)]
    const start = at + 30 + name + extra
    const called = bytes.toString('utf8', at + 30, at + 30 + name)
    files[called] = join(folder, called)
    writeFileSync(files[called], bytes.subarray(start, start + size))
    at = start + size
  }
  return files
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

  // 1 to 3 From the list to the incident, its first-knowledge chain, the flag, and what is claimed beside what is known.
  let clicks = 0
  const click = async (target) => {
    clicks += 1
    await target.click()
  }
  await click(page.getByRole('link', { name: /金属制品厂/ }).first())
  await page.getByText('119接警单').first().waitFor()
  const flag = page.getByRole('link', { name: /疑似倒签/ })
  await flag.waitFor()
  await journey.look('3-flag')
  const said = (await flag.textContent()) ?? ''
  check(said.includes('20:05') && said.includes('19:00'), `the flag does not tell its times: ${said}`)
  await click(flag)
  await page.getByRole('heading', { name: '账本证据' }).waitFor()
  count('clicks_to_flag', clicks, 4)
  await journey.look('3-finding')
  const sides = await page.locator('.sides').textContent()
  for (const time of ['20:05', '18:46', '19:00']) check(sides?.includes(time), `the finding does not show ${time}`)
  const heading = await page.locator('main h1').textContent()
  check(heading?.startsWith('疑似') && (await page.getByText('尚未认定').count()) + (await page.getByRole('button', { name: '作出认定' }).count()) === 1, 'a suspicion reads like an accusation')

  // 5 The pack: PDF, JSON, proofs; 6 verified offline.
  const taking = performance.now()
  const zip = await save(journey, () => page.getByRole('button', { name: '导出证据包' }).click(), 'finding.zip')
  measure('finding_pack_ms', Math.round(performance.now() - taking), 5_000)
  const files = unpack(zip)
  check(readFileSync(files['finding.pdf'] ?? files['finding.docx']).length > 5_000, 'the pack holds no sheet')
  check(JSON.parse(readFileSync(files['finding.json'], 'utf8')).kind === 'back_dated', 'the pack is about something else')
  for (const name of ['proofs-1.json', 'proofs-2.json']) check(verify(files[name]).code === 0, `${name} does not verify`)

  // 4 The proof of the entry that the flag rests on.
  await page.locator('.sides a.entry').last().click()
  await page.getByText('证明成立').waitFor()
  await page.goto(`${journey.address}/incidents?status=all`)

  // The incident of the desk, and its timeline; the proof of an entry. the proof of an entry.
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
