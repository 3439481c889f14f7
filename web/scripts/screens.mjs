// Takes a picture of every page and runs axe on it. Usage: node scripts/screens.mjs [base] [folder] [filter]
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { launch, signIn } from './browser.mjs'

const base = process.argv[2] ?? 'http://localhost:5173'
const out = process.argv[3] ?? 'screens'
const filter = process.argv[4] ?? ''
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
mkdirSync(out, { recursive: true })
const wait = (ms) => new Promise((r) => setTimeout(r, ms))
let violations = 0

async function firstIncident(page) {
  return page.evaluate(() => fetch('/api/v1/incidents/board').then((r) => r.json()).then((b) => (b.items.find((i) => i.title.includes('液化气')) ?? b.items[0]).id))
}
const PAGES = {
  desk: async (page) => page.goto(`${base}/desk`),
  'desk-selected': async (page) => { await page.goto(`${base}/desk`); await wait(900); await page.keyboard.press('j'); await page.keyboard.press('j'); await page.keyboard.press('j') },
  intake: async (page) => {
    await page.goto(`${base}/desk`)
    await wait(600)
    await page.keyboard.press('F2')
    await wait(400)
    await page.keyboard.type('10012345678')
    await page.keyboard.press('Tab')
    await page.keyboard.type('张建军')
    await page.keyboard.press('Tab')
    await page.keyboard.type('3')
    await page.keyboard.type('kkylg')
    await wait(400)
    await page.keyboard.press('Enter')
    await wait(100)
    await page.keyboard.type('青山路北')
    await page.keyboard.press('Tab')
    await page.keyboard.type('液化气站阀门泄漏，有人头晕')
    await page.keyboard.press('Tab')
    await page.keyboard.type('-15')
    await page.keyboard.press('Tab'); await page.keyboard.press('Tab'); await page.keyboard.press('Tab')
    await page.keyboard.type('0')
    await page.keyboard.press('Tab')
    await page.keyboard.type('?')
    await wait(900)
  },
  'intake-saved': async (page) => {
    await PAGES.intake(page)
    await page.keyboard.press('Alt+n')
    await page.keyboard.press('Control+Enter')
    await wait(1200)
  },
  'intake-page': async (page) => page.goto(`${base}/intake`),
  incidents: async (page) => page.goto(`${base}/incidents?status=all`),
  'incidents-preview': async (page) => { await page.goto(`${base}/incidents?status=all`); await wait(500); await page.keyboard.press('j'); await page.keyboard.press('j'); await page.keyboard.press(' ') },
  incident: async (page) => page.goto(`${base}/incidents/${await firstIncident(page)}`),
  'incident-verify': async (page) => { await page.goto(`${base}/incidents/${await firstIncident(page)}`); await wait(600); await page.keyboard.press('f') },
  'incident-past': async (page) => { await page.goto(`${base}/incidents/${await firstIncident(page)}`); await wait(600); await page.keyboard.press('t'); await page.locator('input[type=range]').fill('1') },
  search: async (page) => { await page.goto(`${base}/desk`); await wait(500); await page.keyboard.press('Control+k'); await wait(300); await page.keyboard.type('武川') },
  keys: async (page) => { await page.goto(`${base}/desk`); await wait(500); await page.keyboard.press('?') },
  user: async (page) => { await page.goto(`${base}/desk`); await wait(500); await page.click('.me') },
  'not-found': async (page) => page.goto(`${base}/nothing`),
  wall: async (page) => page.goto(`${base}/wall`),
}

async function shoot(page, name) {
  await page.waitForSelector('main h1, dialog', { timeout: 15000 })
  await wait(1600)
  await page.screenshot({ path: `${out}/${name}.png` })
  await page.evaluate(axe)
  const result = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
  for (const v of result.violations) {
    violations += v.nodes.length
    console.log(`${name}: ${v.id} (${v.impact}) ×${v.nodes.length}`)
    for (const n of v.nodes.slice(0, 3)) console.log('   ', n.target.join(' '), '|', n.failureSummary?.split('\n').slice(1, 3).join(' ').trim().slice(0, 220))
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (wide > 0) console.log(`${name}: ${wide} px too wide`)
}

const sizes = [
  { key: '', width: 1366, height: 768, dark: false },
  { key: '-dark', width: 1366, height: 768, dark: true },
  { key: '-phone', width: 390, height: 844, dark: false, touch: true },
]
for (const size of sizes) {
  const context = await launch(size)
  const page = context.pages()[0] ?? (await context.newPage())
  page.on('pageerror', (error) => console.log(`page error: ${error.message}`))
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && !/GL Driver|GPU stall|WebGL/.test(m.text()) && console.log(`console ${m.type()}: ${m.text().slice(0, 260)}`))
  page.on('request', (r) => { if (!r.url().startsWith(base) && !/^(data|blob):/.test(r.url())) console.log(`FOREIGN ${r.url()}`) })
  await page.goto(`${base}/sign-in`)
  if (!filter || 'sign-in'.includes(filter)) await shoot(page, `sign-in${size.key}`)
  await signIn(page, base)
  for (const [name, open] of Object.entries(PAGES)) {
    if (filter && name !== filter) continue
    try {
      await open(page)
      await shoot(page, name + size.key)
    } catch (error) {
      console.log(`${name}${size.key}: ${error.message.split('\n')[0]}`)
    }
  }
  await context.close()
}
console.log(`${violations} axe violations`)
